import { inflateRawSync } from 'node:zlib'

/** Reads the files of a ZIP archive by its central directory. */
export function readZip(archive: Buffer): Map<string, string> {
  const end = archive.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
  const files = new Map<string, string>()
  let at = archive.readUInt32LE(end + 16)
  for (let count = archive.readUInt16LE(end + 10); count > 0; count--) {
    const [method, size] = [archive.readUInt16LE(at + 10), archive.readUInt32LE(at + 20)]
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => archive.readUInt16LE(at + offset))
    const name = archive.toString('utf8', at + 46, at + 46 + (nameLength ?? 0))
    const header = archive.readUInt32LE(at + 42)
    const start = header + 30 + archive.readUInt16LE(header + 26) + archive.readUInt16LE(header + 28)
    const content = archive.subarray(start, start + size)
    files.set(name, (method === 0 ? content : inflateRawSync(content)).toString('utf8'))
    at += 46 + (nameLength ?? 0) + (extraLength ?? 0) + (commentLength ?? 0)
  }
  return files
}

/** A cell as stored: texts as written in the XML, numbers as numbers. `format`: its number format, if it has one. */
export type StoredCell = { readonly value: string | number; readonly format?: string }

/** Reads the cells of the first sheet of a workbook, row by row; null for an empty cell. */
export function readSheet(workbook: Buffer): (StoredCell | null)[][] {
  const files = readZip(workbook)
  const sheet = files.get('xl/worksheets/sheet1.xml') ?? ''
  const texts = [...(files.get('xl/sharedStrings.xml') ?? '').matchAll(/<si><t[^>]*>(.*?)<\/t><\/si>/gs)].map(
    ([, text]) => text,
  )
  const styles = files.get('xl/styles.xml') ?? ''
  const formats = new Map(
    [...styles.matchAll(/<numFmt numFmtId="(\d+)" formatCode="([^"]*)"/g)].map(([, id, code]) => [id, code]),
  )
  const cellFormats = /<cellXfs.*?<\/cellXfs>/s.exec(styles)?.[0] ?? ''
  const formatIds = [...cellFormats.matchAll(/<xf ([^>]*)>/g)].map(([, xf = '']) => /numFmtId="(\d+)"/.exec(xf)?.[1])
  return [...sheet.matchAll(/<row [^>]*?(?:\/>|>(.*?)<\/row>)/gs)].map(([, row = '']) => {
    const cells: (StoredCell | null)[] = []
    for (const [, column = '', attributes = '', value = ''] of row.matchAll(
      /<c r="([A-Z])\d+"([^>]*)><v>(.*?)<\/v><\/c>/gs,
    )) {
      const format = formats.get(formatIds[Number(/s="(\d+)"/.exec(attributes)?.[1] ?? -1)])
      const stored = attributes.includes('t="s"') ? (texts[Number(value)] ?? '') : Number(value)
      cells[column.charCodeAt(0) - 65] = { value: stored, ...(format !== undefined && { format }) }
    }
    return Array.from(cells, (cell) => cell ?? null)
  })
}
