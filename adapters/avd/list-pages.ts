import { PlatformError } from './http.ts'
import { isObject, toText } from './json-fields.ts'

export type ListQuery = Readonly<Record<string, string>>

export type ListPage<Item> = {
  readonly items: readonly Item[]
  /** Size of the whole list; undefined if the response does not say. */
  readonly total: number | undefined
  /** The query for the next page; undefined after the last page. */
  readonly next: ListQuery | undefined
}

/** Protects a sweep from a list that never ends. */
const maxPages = 2000

const totalNames = ['total', 'total_count', 'totalCount', 'total_num']
const pageNumberNames = ['page', 'page_no', 'pageNo', 'page_num', 'pageNum', 'page_index', 'current_page']
const pageSizeNames = ['page_size', 'pageSize', 'per_page', 'limit', 'size']
const cursorNames = ['next_cursor', 'nextCursor', 'next_token', 'nextToken']
const hasMoreNames = ['has_more', 'hasMore', 'has_next', 'hasNext']

/** Recognises how the response is paged: by a cursor, by `has_more`, or by a total; at the top level or under `data`. */
export function toListPage<Item>(response: unknown, items: readonly Item[]): ListPage<Item> {
  const fields = {
    ...(isObject(response) && isObject(response.data) ? response.data : {}),
    ...(isObject(response) ? response : {}),
  }
  const findName = (names: readonly string[]) => names.find((name) => (fields[name] ?? null) !== null)
  const total = toNumber(fields, findName(totalNames))
  const cursorName = findName(cursorNames)
  if (cursorName !== undefined && toText(fields[cursorName]) !== undefined)
    return { items, total, next: { [cursorParameter(cursorName)]: String(fields[cursorName]) } }
  const hasMoreName = findName(hasMoreNames)
  const hasMore = hasMoreName !== undefined && fields[hasMoreName] === true
  const isPart = total !== undefined && total > items.length
  if (!hasMore && !isPart) return { items, total, next: undefined }
  const pageName = findName(pageNumberNames)
  const sizeName = findName(pageSizeNames)
  const nextPage = (toNumber(fields, pageName) ?? 1) + 1
  return {
    items,
    total,
    next: {
      [pageName ?? 'page']: String(nextPage),
      ...(sizeName === undefined ? {} : { [sizeName]: String(fields[sizeName]) }),
    },
  }
}

/** A cursor's parameter has the name of the field without "next": `next_cursor` is sent back as `cursor`. */
function cursorParameter(fieldName: string): string {
  return fieldName.replace(/^next_?/, '').replace(/^[A-Z]/, (letter) => letter.toLowerCase())
}

function toNumber(fields: Readonly<Record<string, unknown>>, name: string | undefined): number | undefined {
  const value = name === undefined ? Number.NaN : Number(fields[name])
  return Number.isFinite(value) ? value : undefined
}

/** Reads all pages of a list, each item once. @throws PlatformError 'incomplete' if a part is missing. */
export async function readAllPages<Item>(
  readPage: (query: ListQuery) => Promise<ListPage<Item>>,
  idOf: (item: Item) => string,
): Promise<Item[]> {
  const items = new Map<string, Item>()
  let query: ListQuery | undefined = {}
  let total: number | undefined
  for (let page = 0; query !== undefined; page++) {
    const { items: pageItems, total: pageTotal, next }: ListPage<Item> = await readPage(query)
    const sizeBefore = items.size
    for (const item of pageItems) items.set(idOf(item), item)
    total = pageTotal ?? total
    const isComplete: boolean = total !== undefined && items.size >= total
    if (!isComplete && next !== undefined && (items.size === sizeBefore || page >= maxPages))
      throw new PlatformError(
        'incomplete',
        `the list states that there are more items, but its pages do not contain them (${items.size} of ${total ?? 'unknown'})`,
      )
    query = isComplete ? undefined : next
  }
  if (total !== undefined && items.size < total)
    throw new PlatformError('incomplete', `the list contains only ${items.size} of ${total} items`)
  return [...items.values()]
}
