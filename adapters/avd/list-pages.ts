import { findContinuation, findContradiction, type ListProgress, type PageFacts } from './completeness.ts'
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
  readonly areParts: (one: Item, other: Item) => boolean
  /** Whether such parts can be on different pages. */
  readonly mayBeOnTwoPages: boolean
}

/** Protects a sweep from a list that never ends. */
const maxPages = 2000
/** A list that changes while it is read is read again from the first page. */
const maxReads = 3

type ListReading<Item> =
  | { readonly outcome: 'complete'; readonly items: readonly Item[] }
  | { readonly outcome: 'incomplete'; readonly reason: string; readonly pages: number }

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
    throw new PlatformError('incomplete', `the list is incomplete: ${reading.reason}`)
  }
}

async function readOnce<Item>(
  readPage: (query: ListQuery) => Promise<ListPage<Item>>,
  rules: EntryRules<Item>,
): Promise<ListReading<Item>> {
  const entries = new Entries(rules)
  const pages: PageFacts[] = []
  let query: ListQuery = {}
  let statement = ''
  while (true) {
    const page = await readPage(query)
    const distinctBefore = entries.distinct
    const repeated = entries.addPage(page.items)
    const change = findChange(pages[0], page.fields) ?? (repeated && `${statement}, but ${repeated} is on two pages`)
    pages.push({ fields: page.fields, entries: page.items.length })
    const progress: ListProgress = {
      pages: pages.length,
      entries: entries.count,
      distinct: entries.distinct,
      pageEntries: page.items.length,
    }
    const fail = (reason: string) => ({ outcome: 'incomplete', reason, pages: pages.length }) as const
    if (change !== undefined) return fail(change)
    const continuation = findContinuation(page.fields, progress)
    if (continuation === undefined) {
      const contradiction = findContradiction(pages, progress)
      return contradiction === undefined ? { outcome: 'complete', items: entries.items } : fail(contradiction)
    }
    statement = `${continuation.path} is ${String(continuation.value)}`
    if (pages.length > 1 && entries.distinct === distinctBefore)
      return fail(`${statement}, but page ${pages.length} has no further entry`)
    const next = pages.length < maxPages ? nextQuery(page.fields, page.items.length) : undefined
    if (next === undefined) return fail(`${statement}, and nothing says how to read another page`)
    query = next
  }
}

/** Finds a total or a number of pages that differs from the first page. */
function findChange(first: PageFacts | undefined, fields: readonly StatedField[]): string | undefined {
  for (const { path, meaning, value } of fields) {
    if (meaning !== 'total' && meaning !== 'page_count') continue
    const before = first?.fields.find((field) => field.path === path)?.value
    if (typeof before === 'number' && before !== value)
      return `${path} changed from ${before} to ${String(value)} while the list was read`
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

  /** @returns the id of an entry that is on an earlier page as well; undefined if there is none. */
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
    return items.every((other) => this.#rules.areParts(other, item))
  }
}
