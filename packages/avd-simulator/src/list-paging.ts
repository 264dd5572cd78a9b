/**
 * What the pages of the room list state, and how a client asks for the next one.
 *
 * - `total`: `page`, `page_size` and `total`. `full-page`: without `total`, so only a page that is not full is the last.
 * - `page-count`: `pageNo`, `pageSize` and `totalPage`. `is-last`: `pageNum` and `isLast`. `has-more`: `page` and `hasMore`.
 * - `offset`: `offset`, `limit` and `total`. `cursor`: `next_cursor`, which is sent back as `cursor`.
 * - `pagination`: `current`, `page_size` and `total` in an object `pagination`; the parameter is `current`.
 */
export type PagingStyle =
  | 'total'
  | 'full-page'
  | 'page-count'
  | 'is-last'
  | 'has-more'
  | 'offset'
  | 'cursor'
  | 'pagination'

export const roomsPerPage = 50

interface StyleRules {
  readonly parameter: string
  /** The index of the requested page, from 0. @param value undefined for the first page. */
  readonly readPage: (value: string | undefined) => number
  readonly state: (page: number, total: number) => object
}

const fromOne = (value = '1') => Number(value) - 1
const lastPage = (total: number) => Math.max(Math.ceil(total / roomsPerPage), 1)
const isLast = (page: number, total: number) => page + 1 >= lastPage(total)

const styles: Readonly<Record<PagingStyle, StyleRules>> = {
  total: {
    parameter: 'page',
    readPage: fromOne,
    state: (page, total) => ({ total, page: page + 1, page_size: roomsPerPage }),
  },
  'full-page': {
    parameter: 'page',
    readPage: fromOne,
    state: (page) => ({ page: page + 1, page_size: roomsPerPage }),
  },
  'page-count': {
    parameter: 'pageNo',
    readPage: fromOne,
    state: (page, total) => ({ pageNo: page + 1, pageSize: roomsPerPage, totalPage: lastPage(total) }),
  },
  'is-last': {
    parameter: 'pageNum',
    readPage: fromOne,
    state: (page, total) => ({ pageNum: page + 1, isLast: isLast(page, total) }),
  },
  'has-more': {
    parameter: 'page',
    readPage: fromOne,
    state: (page, total) => ({ page: page + 1, hasMore: !isLast(page, total) }),
  },
  offset: {
    parameter: 'offset',
    readPage: (value = '0') => Math.floor(Number(value) / roomsPerPage),
    state: (page, total) => ({ offset: page * roomsPerPage, limit: roomsPerPage, total }),
  },
  cursor: {
    parameter: 'cursor',
    readPage: (value = 'c0') => Number(value.slice(1)),
    state: (page, total) => ({ next_cursor: isLast(page, total) ? null : `c${page + 1}` }),
  },
  pagination: {
    parameter: 'current',
    readPage: fromOne,
    state: (page, total) => ({ pagination: { current: page + 1, page_size: roomsPerPage, total } }),
  },
}

/** @returns the index of the page that a query asks for, from 0. */
export function readPageIndex(style: PagingStyle, query: URLSearchParams): number {
  const { parameter, readPage } = styles[style]
  return readPage(query.get(parameter) ?? undefined)
}

/** The fields beside one page. @param total number of rooms in all pages. */
export function statePage(style: PagingStyle, pageIndex: number, total: number): object {
  return styles[style].state(pageIndex, total)
}

export function sliceForPage<Entry>(entries: readonly Entry[], pageIndex: number): readonly Entry[] {
  return entries.slice(pageIndex * roomsPerPage, (pageIndex + 1) * roomsPerPage)
}
