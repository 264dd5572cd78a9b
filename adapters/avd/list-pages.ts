import type { Bilingual } from '../../core/notifications/alert-text.ts'
import {
  describeField,
  findContinuation,
  findContradiction,
  type ListProgress,
  type PageFacts,
  promisesEntries,
} from './completeness.ts'
import { PlatformError } from './http.ts'
import { type ListQuery, nextQuery } from './next-query.ts'
import type { StatedField } from './stated-fields.ts'

export type ListPage<Item> = {
  readonly items: readonly Item[]
  /** What the page states about the list. */
  readonly fields: readonly StatedField[]
}

/** How entries of a list are told apart. */
export type EntryRules<Item> = {
  readonly idOf: (item: Item) => string
  /** Whether two entries with the same id are parts of one thing, rather than the same entry twice. */
  readonly areParts: (one: Item, other: Item, areOnOnePage: boolean) => boolean
  /** Whether such parts can be on different pages. */
  readonly mayBeOnTwoPages: boolean
}

/** Protects a sweep from a list that never ends. */
const maxPages = 2000
/** A list that changes while it is read is read again from the first page. */
const maxReads = 3

type ListReading<Item> =
  | { readonly outcome: 'complete'; readonly items: readonly Item[] }
  | { readonly outcome: 'incomplete'; readonly reason: Bilingual; readonly pages: number }

/**
 * Reads all pages of a list.
 *
 * @returns the entries in the order of the list; an id can occur more than once.
 * @throws PlatformError 'incomplete' unless everything that the pages state about the list is satisfied.
 */
export async function readAllPages<Item>(
  readPage: (query: ListQuery) => Promise<ListPage<Item>>,
  rules: EntryRules<Item>,
): Promise<readonly Item[]> {
  for (let read = 1; ; read++) {
    const reading = await readOnce(readPage, rules)
    if (reading.outcome === 'complete') return reading.items
    // A list that fits into one page cannot have changed while it was read.
    if (reading.pages > 1 && read < maxReads) continue
    throw new PlatformError('incomplete', {
      english: `the list is incomplete: ${reading.reason.english}`,
      chinese: `列表不完整：${reading.reason.chinese}`,
    })
  }
}

async function readOnce<Item>(
  readPage: (query: ListQuery) => Promise<ListPage<Item>>,
  rules: EntryRules<Item>,
): Promise<ListReading<Item>> {
  const entries = new Entries(rules)
  const pages: PageFacts[] = []
  let query: ListQuery = {}
  let before: StatedField | undefined
  while (true) {
    const page = await readPage(query)
    const countBefore = entries.count
    const repeated = entries.addPage(page.items)
    pages.push({ fields: page.fields, entries: page.items.length })
    const progress = progressOf(entries, pages)
    const fail = (reason: Bilingual) => ({ outcome: 'incomplete', reason, pages: pages.length }) as const
    const change = findChange(pages[0]?.fields ?? [], page.fields)
    if (change !== undefined) return fail(change)
    if (repeated !== undefined)
      return fail(
        extend(before, { english: `but ${repeated} is on two pages`, chinese: `但 ${repeated} 出现在两页中` }),
      )
    const continuation = findContinuation(page.fields, progress)
    const isWithoutEntries = entries.count === countBefore
    if (before !== undefined && isWithoutEntries && (continuation !== undefined || promisesEntries(before)))
      return fail(
        extend(before, {
          english: `but page ${pages.length} has no further entry`,
          chinese: `但第 ${pages.length} 页没有其他条目`,
        }),
      )
    if (continuation === undefined) {
      const contradiction = findContradiction(pages, progress)
      return contradiction === undefined ? { outcome: 'complete', items: entries.items } : fail(contradiction)
    }
    const next = pages.length < maxPages ? nextQuery(page.fields, page.items.length) : undefined
    if (next === undefined) return fail(extend(continuation, noNextPage))
    query = next
    before = continuation
  }
}

function progressOf<Item>({ count, distinct }: Entries<Item>, pages: readonly PageFacts[]): ListProgress {
  return { pages: pages.length, entries: count, distinct, pageEntries: pages.at(-1)?.entries ?? 0 }
}

const noNextPage: Bilingual = {
  english: 'and nothing says how to read another page',
  chinese: '但响应没有说明如何读取下一页',
}

/** States a field, if there is one, and what does not agree with it. */
function extend(field: StatedField | undefined, { english, chinese }: Bilingual): Bilingual {
  const stated = field === undefined ? { english: '', chinese: '' } : describeField(field)
  return { english: `${stated.english}, ${english}`, chinese: `${stated.chinese}，${chinese}` }
}

/** Finds a total or a number of pages that differs from the first page. */
function findChange(first: readonly StatedField[], fields: readonly StatedField[]): Bilingual | undefined {
  for (const { path, meaning, value } of fields) {
    if (meaning !== 'total' && meaning !== 'page_count') continue
    const before = first.find((field) => field.path === path)?.value
    if (typeof before === 'number' && before !== value)
      return {
        english: `${path} changed from ${before} to ${String(value)} while the list was read`,
        chinese: `读取列表期间，${path} 由 ${before} 变为 ${String(value)}`,
      }
  }
  return undefined
}

/** The entries of the pages read so far. */
class Entries<Item> {
  readonly items: Item[] = []
  /** Number of entries, without those that are listed twice. */
  count = 0
  readonly #rules: EntryRules<Item>
  readonly #byId = new Map<string, { readonly page: number; readonly items: Item[] }>()
  #page = 0

  constructor(rules: EntryRules<Item>) {
    this.#rules = rules
  }

  get distinct(): number {
    return this.#byId.size
  }

  /** @returns the id of an entry that is on an earlier page as well; undefined if no entry repeats. */
  addPage(items: readonly Item[]): string | undefined {
    this.#page++
    let repeated: string | undefined
    for (const item of items) {
      const id = this.#rules.idOf(item)
      const known = this.#byId.get(id)
      const isRepeated = known !== undefined && !this.#isPart(known, item)
      if (!isRepeated) this.count++
      else if (known.page < this.#page) repeated = id
      if (known === undefined) this.#byId.set(id, { page: this.#page, items: [item] })
      else known.items.push(item)
      this.items.push(item)
    }
    return repeated
  }

  #isPart({ page, items }: { readonly page: number; readonly items: readonly Item[] }, item: Item): boolean {
    if (page < this.#page && !this.#rules.mayBeOnTwoPages) return false
    return items.every((other) => this.#rules.areParts(other, item, page === this.#page))
  }
}
