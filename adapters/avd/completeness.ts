import type { Bilingual } from '../../core/notifications/alert-text.ts'
import type { FieldMeaning } from './field-meaning.ts'
import { splitWords } from './field-names.ts'
import type { StatedField } from './stated-fields.ts'

/** How much of a list has been read: all pages up to the latest. */
export type ListProgress = {
  readonly pages: number
  /** Entries in all pages, with and without those that are listed twice. A count may mean either. */
  readonly entries: number
  readonly distinct: number
  /** Entries in the latest page. */
  readonly pageEntries: number
}

/**
 * Finds a field of the latest page that states that there are more pages.
 *
 * A full page, or a page whose size is not known, may be followed by another one unless something states the end.
 */
export function findContinuation(all: readonly StatedField[], progress: ListProgress): StatedField | undefined {
  const fields = withoutLastCursor(all)
  const stated = fields.find((field) => statesMore(field, progress))
  if (stated !== undefined || statesEnd(fields, progress)) return stated
  const size = pageSizeField(fields)
  const position = fields.find(({ meaning }) => meaning === 'page_position' || meaning === 'offset')
  if (size === undefined) return progress.pageEntries > 0 ? position : undefined
  return typeof size.value === 'number' && progress.pageEntries > 0 && progress.pageEntries >= size.value
    ? size
    : undefined
}

/** The last page may have a `cursor` or `endCursor`, too, if something else states whether there are more pages. */
function withoutLastCursor(fields: readonly StatedField[]): readonly StatedField[] {
  if (!fields.some(({ meaning, value }) => meaning === 'more' && value === false)) return fields
  return fields.filter(({ meaning, name }) => meaning !== 'next' || splitWords(name).includes('next'))
}

function statesMore({ meaning, value }: StatedField, { pages, entries, pageEntries }: ListProgress): boolean {
  switch (meaning) {
    case 'more':
      return value === true
    case 'last':
      return value === false
    case 'next':
      return value !== null
    case 'page_count':
      return value === false || (typeof value === 'number' && value > Math.max(pages, 1))
    case 'total':
      return typeof value === 'number' && value > entries
    case 'missing':
      return typeof value === 'number' && value > 0
    case 'count':
      return typeof value === 'number' && value > pageEntries && value > entries
    default:
      return false
  }
}

/**
 * Whether the next page must have entries. After a full page or a page of unknown size, it may be empty, and cursors may
 * lead to an empty page.
 */
export function promisesEntries({ meaning }: StatedField): boolean {
  return !['next', 'page_size', 'size', 'page_position', 'offset'].includes(meaning)
}

/** Whether something states the end of the list, so that a full page can be the last one. */
function statesEnd(fields: readonly StatedField[], { pages, entries, distinct }: ListProgress): boolean {
  return fields.some(({ meaning, value }) => {
    if (meaning === 'more') return value === false
    if (meaning === 'last') return value === true
    if (meaning === 'next') return value === null
    if (meaning === 'page_count') return value === true || (typeof value === 'number' && value <= pages)
    return meaning === 'total' && (value === entries || value === distinct)
  })
}

/** `size` is the size of a page if something else shows that the list is paged. */
function pageSizeField(fields: readonly StatedField[]): StatedField | undefined {
  const exact = fields.find(({ meaning }) => meaning === 'page_size')
  return exact ?? (isPaged(fields) ? fields.find(({ meaning }) => meaning === 'size') : undefined)
}

const pagingMeanings: ReadonlySet<FieldMeaning> = new Set([
  ...(['page_position', 'page_count', 'page_size', 'offset', 'more', 'last', 'next', 'previous'] as const),
])

function isPaged(fields: readonly StatedField[]): boolean {
  return fields.some(({ meaning }) => pagingMeanings.has(meaning))
}

/** With a total, which must match anyway, `size` and `number` need not be counts. */
function isPagedOrTotal(fields: readonly StatedField[]): boolean {
  return isPaged(fields) || fields.some(({ meaning }) => meaning === 'total')
}

/** One page of a list that has been read completely. */
export type PageFacts = {
  readonly fields: readonly StatedField[]
  /** Entries in this page. */
  readonly entries: number
}

/**
 * Verifies what the pages of a list state, after the last page.
 *
 * @returns what is wrong, with the name of the field; undefined if everything is right.
 */
export function findContradiction(pages: readonly PageFacts[], progress: ListProgress): Bilingual | undefined {
  for (const [index, page] of pages.entries()) {
    const wrong = page.fields.find((field) => !isSatisfied(field, { pages, page, index, progress }))
    if (wrong === undefined) continue
    const { english, chinese } = describeField(wrong)
    return {
      english: `${english}, but the list has ${progress.distinct} entries in ${pages.length} pages`,
      chinese: `${chinese}，但列表共 ${pages.length} 页、${progress.distinct} 条`,
    }
  }
  return undefined
}

/** States a field and its value. */
export function describeField({ path, value }: StatedField): Bilingual {
  if (value === undefined) return { english: `${path} is not readable`, chinese: `${path} 无法解读` }
  return { english: `${path} is ${String(value)}`, chinese: `${path} 为 ${String(value)}` }
}

type PageOfList = {
  readonly pages: readonly PageFacts[]
  readonly page: PageFacts
  readonly index: number
  readonly progress: ListProgress
}

function isSatisfied({ meaning, value, path }: StatedField, { pages, page, index, progress }: PageOfList): boolean {
  const isWholeSize = value === progress.entries || value === progress.distinct
  const isSize = isWholeSize || value === page.entries
  const isPosition = () => {
    const first = pages[0]?.fields.find((field) => field.path === path)?.value
    return (first === 0 || first === 1) && value === first + index
  }
  switch (meaning) {
    case 'more':
    case 'last':
    case 'next':
      return true
    case 'total':
      return isWholeSize
    case 'count':
    case 'unknown':
      return isSize
    case 'size':
      return isSize || (isPagedOrTotal(page.fields) && isAtLeast(value, page.entries))
    case 'number':
      return isSize || (isPagedOrTotal(page.fields) && isPosition())
    case 'user_count':
    case 'some_users':
      return typeof value === 'number' && value <= progress.entries
    case 'missing':
      return value === 0 || (index < pages.length - 1 && typeof value === 'number')
    case 'page_count':
      return typeof value === 'boolean' || value === pages.length || (value === 0 && progress.entries === 0)
    case 'page_size':
      return isPageSize(value, { pages, page, index, progress })
    case 'page_position':
      return isPosition()
    case 'offset':
      return index > 0 ? typeof value === 'number' : value === 0 || value === 1
    case 'first':
      return index > 0 || value === true
    case 'previous':
      return index > 0 || value === null
  }
}

/** All pages but the last are full, unless the total shows that nothing is missing. */
function isPageSize(value: StatedField['value'], { pages, page, index, progress }: PageOfList): boolean {
  if (page.fields.some(({ meaning }) => meaning === 'total')) return true
  if (index < pages.length - 1) return value === page.entries
  return isAtLeast(value, page.entries) || statesEnd(page.fields, { ...progress, pages: index + 1 })
}

function isAtLeast(value: StatedField['value'], minimum: number): boolean {
  return typeof value === 'number' && value >= minimum
}
