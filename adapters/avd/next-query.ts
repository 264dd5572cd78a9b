import { splitWords } from './field-names.ts'
import type { StatedField } from './stated-fields.ts'

export type ListQuery = Readonly<Record<string, string>>

/**
 * Builds the query for the next page with the parameters that the response names.
 *
 * @param pageEntries number of entries in this page.
 * @returns undefined if the response does not say how to ask for the next page.
 */
export function nextQuery(fields: readonly StatedField[], pageEntries: number): ListQuery | undefined {
  const next = fields.find(({ meaning, value }) => meaning === 'next' && value !== null && value !== true)
  const size = fields.find(({ meaning }) => meaning === 'page_size') ?? fields.find(({ meaning }) => meaning === 'size')
  const sizeQuery = size === undefined || typeof size.value !== 'number' ? {} : { [size.name]: String(size.value) }
  const position =
    fields.find(({ meaning }) => meaning === 'page_position') ?? fields.find(({ meaning }) => meaning === 'number')
  const fromNext = next === undefined ? undefined : queryOfNext(next)
  // The parameter of a `nextPage` is that of the page: `pageNum`.
  if (fromNext?.page !== undefined && position !== undefined && !isLink(next))
    return { ...sizeQuery, ...fromNext, ...positionQuery(position.name, Number(fromNext.page)) }
  if (fromNext !== undefined) return fromNext
  if (position !== undefined && typeof position.value === 'number')
    return { ...sizeQuery, ...positionQuery(position.name, position.value + 1) }
  const offset = fields.find(({ meaning }) => meaning === 'offset')
  if (offset === undefined || typeof offset.value !== 'number') return undefined
  return { ...sizeQuery, [offset.name]: String(offset.value + pageEntries) }
}

/** Names such as `current_page` and `number` belong to responses; their parameter is usually `page`. */
function positionQuery(name: string, value: number): ListQuery {
  const words = splitWords(name)
  const isParameter = words.includes('page') && !words.includes('current') && !words.includes('cur')
  return { [name]: String(value), ...(isParameter ? {} : { page: String(value) }) }
}

function isLink(next: Pick<StatedField, 'value'> | undefined): boolean {
  return String(next?.value).includes('?')
}

function queryOfNext({ name, value }: StatedField): ListQuery | undefined {
  const text = String(value)
  const words = splitWords(name)
  if (isLink({ value })) return queryOfLink(text)
  if (words.some((word) => /^(cursor|token|marker|continuation|scroll|bookmark|key|after)$/.test(word)))
    return { [name]: text, [withoutNext(name)]: text, ...(words[0] === 'end' && { after: text }) }
  const isPage = words.every((word) => /^(next|page|no|num|number|index)$/.test(word)) && words.includes('page')
  if (isPage && /^\d+$/.test(text)) return { page: text, [withoutNext(name)]: text }
  return words.includes('offset') || words.includes('start') ? { [withoutNext(name)]: text } : undefined
}

/** A cursor's parameter often has the name of the field without "next": `next_cursor` is sent back as `cursor`. */
function withoutNext(name: string): string {
  return name.replace(/^next_?/i, '').replace(/^[A-Z]/, (letter) => letter.toLowerCase())
}

/** @param link to the next page; its path is ignored, so that requests stay with the configured installation. */
function queryOfLink(link: string): ListQuery | undefined {
  const query = Object.fromEntries(new URLSearchParams(link.slice(link.indexOf('?') + 1).replace(/#.*$/, '')))
  const { token: _token, access_key: _accessKey, secret_key: _secretKey, ...parameters } = query
  return Object.keys(parameters).length === 0 ? undefined : parameters
}
