import { type FieldContext, type FieldMeaning, meaningOf } from './field-meaning.ts'
import { splitWords } from './field-names.ts'
import {
  capacityWords,
  countWords,
  otherNouns,
  pageWords,
  pagingWords,
  personWords,
  positionWords,
  unavailableWords,
} from './field-words.ts'
import { isObject } from './json-fields.ts'

/** A field that states how complete a list is. */
export type StatedField = {
  /** Where it is in the response: `data.total`. */
  readonly path: string
  readonly name: string
  readonly meaning: FieldMeaning
  /** Undefined if the value cannot be read. Null (only for `next`): there is no next page. */
  readonly value: number | boolean | string | null | undefined
}

const maxDepth = 4

/**
 * Collects what an object and the objects in it state about a list; not the objects in its arrays.
 *
 * @param path of the object in the response, for error messages.
 * @param isSkipped objects that state nothing about the list, such as users.
 */
export function collectStatedFields(
  object: Readonly<Record<string, unknown>>,
  context: FieldContext,
  path: string,
  isSkipped: (value: Readonly<Record<string, unknown>>) => boolean,
): StatedField[] {
  const fields: StatedField[] = []
  const visit = (parent: Readonly<Record<string, unknown>>, parentPath: string, parentName: string, depth: number) => {
    for (const [name, value] of Object.entries(parent)) {
      const fieldPath = parentPath === '' ? name : `${parentPath}.${name}`
      if (isObject(value) && depth < maxDepth && !isSkipped(value) && !isPerson(name))
        visit(value, fieldPath, name, depth + 1)
      if (Array.isArray(value) && !context.isInRoom) fields.push(...readArray(value, name, fieldPath))
      const meaning = meaningOf(wordsOf(name, parentName), context)
      if (meaning === undefined) continue
      const read = isFlagOf(name, value) ? 'nothing' : readValue(value, meaning)
      if (read !== 'nothing') fields.push({ path: fieldPath, name, meaning, value: read.value })
    }
  }
  visit(object, path, '', 1)
  return fields
}

/** The words of a field, with those of the object around it that say what the field is about. */
function wordsOf(name: string, parentName: string): readonly string[] {
  const words = splitWords(name)
  const parentWords = splitWords(parentName)
  if (parentWords.some((word) => pagingWords.has(word))) {
    const isAboutPage = words.every((word) => positionWords.has(word) || /^(size|per|rows|last|start)$/.test(word))
    return isAboutPage ? ['page', ...words] : words
  }
  if (parentWords.some((word) => capacityWords.has(word) || otherNouns.has(word))) return [...parentWords, ...words]
  const isCount = (word: string) => countWords.has(word) || pageWords.has(word)
  return parentWords.some((word) => countWords.has(word)) && !words.some(isCount) ? [...parentWords, ...words] : words
}

/** An object such as `creator`. */
function isPerson(name: string): boolean {
  return splitWords(name).every((word) => personWords.has(word))
}

/** Reads what could not be read, as in `unreachable_servers`, and links as in `[{"rel":"next","href":"…"}]`. */
function readArray(array: readonly unknown[], name: string, path: string): StatedField[] {
  const words = splitWords(name)
  if (array.length > 0 && words.some((word) => unavailableWords.has(word)))
    return [{ path, name, meaning: 'missing', value: array.length }]
  if (!words.some((word) => /^links?$/.test(word))) return []
  return array.flatMap((link): StatedField[] => {
    if (!isObject(link) || String(link.rel).toLowerCase() !== 'next') return []
    const read = readNext(link.href ?? link.url ?? link.uri)
    return read === 'nothing' ? [] : [{ path: `${path}.next`, name: 'next', meaning: 'next', value: read.value }]
  })
}

/** `online` is a number of users, or a flag that users are online. `searchCount: true` is a setting. */
function isFlagOf(name: string, value: unknown): boolean {
  const words = splitWords(name)
  if (typeof value === 'boolean' && /^(search|hit)$/.test(words[0] ?? '') && words[1] === 'count') return true
  return words.join() === 'online' && [0, 1, '0', '1', true, false].includes(value as never)
}

type ReadValue = { readonly value: StatedField['value'] } | 'nothing'

function readValue(value: unknown, meaning: FieldMeaning): ReadValue {
  if (meaning === 'next' || meaning === 'previous') return readNext(value)
  if (value === null || value === undefined || typeof value === 'object') return 'nothing'
  if (meaning === 'more' || meaning === 'last') return readFlag(value)
  // A number or a link is not a statement about this page.
  if (meaning === 'first') return /^(true|false)$/i.test(String(value)) ? readFlag(value) : 'nothing'
  const number = parseCount(value)
  if (number !== undefined) return { value: number }
  if (typeof value === 'boolean') return readBoolean(value, meaning)
  if (meaning === 'page_count' && typeof value === 'string' && value.includes('?')) return { value: pageOfLink(value) }
  return meaning !== 'unknown' && /\p{N}/u.test(String(value)) ? { value: undefined } : 'nothing'
}

/** `last_page: false` is a statement. `page: true` says that there is more than is understood; `page: false` nothing. */
function readBoolean(value: boolean, meaning: FieldMeaning): ReadValue {
  if (meaning === 'page_count' || meaning === 'unknown') return { value }
  return value && meaning !== 'user_count' ? { value: undefined } : 'nothing'
}

/** The number of the page to which a link such as `/list?page=3` leads. */
function pageOfLink(link: string): number | undefined {
  const parameters = [...new URLSearchParams(link.slice(link.indexOf('?') + 1))]
  const [, page] = parameters.find(([name]) => pageNumberNames.test(name)) ?? []
  return parseCount(page)
}

const pageNumberNames = /^page([-_]?(no|num|number|index)|\[number\])?$/i

function readNext(value: unknown): ReadValue {
  if (value === undefined || value === null || Array.isArray(value)) return { value: null }
  // A link such as `{"href":"…"}`.
  if (isObject(value)) return readNext(Object.values(value).find((entry) => typeof entry === 'string'))
  if (typeof value === 'boolean') return { value: value || null }
  const isEmpty = /^\s*(|0|-1|null|none|nil|false|undefined)\s*$/i.test(String(value))
  return { value: isEmpty ? null : (value as string | number) }
}

function readFlag(value: unknown): ReadValue {
  if (typeof value === 'boolean') return { value }
  const text = String(value).trim().toLowerCase()
  if (['true', 'yes', 'y', '是', '有'].includes(text)) return { value: true }
  if (['false', 'no', 'n', '否', '无', ''].includes(text)) return { value: false }
  const number = parseCount(value)
  return number === undefined ? 'nothing' : { value: number !== 0 }
}

/** Reads a number, or a text with a number that may have separators: `1,057`. */
export function parseCount(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value !== 'string') return undefined
  const text = value.normalize('NFKC').trim()
  if (!/^[+-]?\d[\d,_'’\s]*(\.\d+)?$/.test(text)) return undefined
  return Number(text.replace(/[,_'’\s]/g, ''))
}
