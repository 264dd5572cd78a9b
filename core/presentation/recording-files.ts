/** A file of a recording. `size` is in the platform's unit, which is not documented; null if it is not sent. */
export type RecordingFile = { readonly name: string; readonly size: number | null }

// Fields by the usual names, compared without case, `_` and `-`. The first that an entry has counts.
const nameFields = ['name', 'filename', 'file', 'filepath', 'path', 'fileurl', 'url']
const sizeFields = ['size', 'filesize', 'bytes', 'length']

/** Lists nested more deeply are not taken for the list of files. */
const maxDepth = 4
const maxFiles = 1000
/** Characters */
const maxNameLength = 255

/**
 * Finds the files in what the platform sent about them, whose format is not documented (docs/protocol.md): a JSON list of names or
 * objects, alone or inside an object; one object; or names separated by commas, semicolons or lines. At most 1,000 are listed, with names of
 * at most 255 characters.
 */
export function listFiles(files: string | null): RecordingFile[] {
  if (files === null) return []
  try {
    return findFiles(JSON.parse(files), maxDepth).slice(0, maxFiles)
  } catch {
    const names = files.split(/[,;\r\n]/).map((text) => text.trim())
    return names.flatMap((text) => toFile(text, null)).slice(0, maxFiles)
  }
}

function findFiles(value: unknown, depth: number): RecordingFile[] {
  if (depth === 0) return []
  if (typeof value === 'string') return toFile(value, null)
  if (Array.isArray(value)) return value.flatMap((entry) => findFiles(entry, depth - 1))
  if (typeof value !== 'object' || value === null) return []
  const fields = new Map(Object.entries(value).map(([key, field]) => [key.toLowerCase().replace(/[_-]/g, ''), field]))
  const name = findField(fields, nameFields, (field) => (typeof field === 'string' && field !== '' ? field : undefined))
  if (name !== undefined) return toFile(name, findField(fields, sizeFields, toSize) ?? null)
  return [...fields.values()].flatMap((field) => (typeof field === 'object' ? findFiles(field, depth - 1) : []))
}

function findField<Value>(
  fields: ReadonlyMap<string, unknown>,
  names: readonly string[],
  read: (field: unknown) => Value | undefined,
): Value | undefined {
  for (const name of names) {
    const value = read(fields.get(name))
    if (value !== undefined) return value
  }
  return undefined
}

function toSize(field: unknown): number | undefined {
  const size = typeof field === 'string' && /^\d{1,15}$/.test(field) ? Number(field) : field
  return typeof size === 'number' && Number.isSafeInteger(size) && size >= 0 ? size : undefined
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/** The last segment of a path or a URL is the name. A URL is percent-encoded. */
function toFile(text: string, size: number | null): RecordingFile[] {
  const isUrl = /^https?:/i.test(text)
  const path = isUrl ? text.replace(/[?#].*$/s, '') : text
  const segment = path.split(/[/\\]/).findLast((each) => each !== '') ?? ''
  const name = isUrl ? decodeSegment(segment) : segment
  return name === '' ? [] : [{ name: name.slice(0, maxNameLength).toWellFormed(), size }]
}
