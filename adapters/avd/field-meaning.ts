import {
  capacityWords,
  countWords,
  documentWords,
  endWords,
  identifiedNouns,
  itemNouns,
  leftWords,
  listWords,
  missingNouns,
  nextWords,
  otherNouns,
  pageWords,
  positionWords,
  roomNouns,
  roomPartNouns,
  someUserNouns,
  userNouns,
  wholeWords,
} from './field-words.ts'

/** What a list has: rooms, or the users of one room. */
export type ListSubject = 'rooms' | 'users'

/**
 * What a numeric or boolean field says about the completeness of a list.
 *
 * - `total`: entries in all pages. `count`: entries in this page or in all. `size`: the same, or the page size.
 *   `missing`: entries that this page or the list does not have.
 * - `user_count`: users in all listed rooms. `some_users`: users of some kind, no more than all.
 * - `page_count`, `page_size`, `page_position`, `offset`: how the list is paged. `number`: a position or a count. A
 *   `page_count` that is a boolean states whether this is the last page: `last`, `last_page`.
 * - `more`: true if there are more pages. `last`: false if there are. `next`: leads to the next page.
 *   `previous`: shows that this is not the first page. `first`: false if it is not.
 * - `unknown`: looks like paging or a count, but is not understood.
 */
export type FieldMeaning =
  | 'total'
  | 'count'
  | 'size'
  | 'missing'
  | 'user_count'
  | 'some_users'
  | 'page_count'
  | 'page_size'
  | 'page_position'
  | 'offset'
  | 'number'
  | 'more'
  | 'first'
  | 'last'
  | 'next'
  | 'previous'
  | 'unknown'

export type FieldContext = {
  readonly subject: ListSubject
  /** In the object of a room, rather than beside a list. */
  readonly isInRoom: boolean
}

/** @returns undefined if the field says nothing about the completeness of the list. */
export function meaningOf(words: readonly string[], context: FieldContext): FieldMeaning | undefined {
  return flagMeaning(words, context) ?? pageMeaning(words, context) ?? countMeaning(words, context)
}

type HasWord = (...anyOf: readonly string[]) => boolean

function flagMeaning(words: readonly string[], { isInRoom }: FieldContext): FieldMeaning | undefined {
  const has: HasWord = (...anyOf) => anyOf.some((word) => words.includes(word))
  if (has('more')) return has('no') ? 'last' : 'more'
  if (!isInRoom && has('first') && words.every((word) => word === 'first' || word === 'is' || pageWords.has(word)))
    return 'first'
  if (has('next') && words.every((word) => nextWords.has(word))) return has('has', 'is', 'have') ? 'more' : 'next'
  if (has('prev', 'previous', 'pre', 'start', 'begin') && has('cursor', 'token'))
    return has('start', 'begin') ? undefined : 'previous'
  if (has('cursor', 'continuation', 'marker', 'bookmark') && !isInRoom) return 'next'
  if (has('token', 'scroll') && has('page', 'scroll', 'continue')) return 'next'
  if (words.length === 1 && has('after', 'continue')) return 'next'
  if (has('prev', 'previous', 'pre') && words.every((word) => nextWords.has(word) || word.startsWith('pre')))
    return 'previous'
  if (has('last') && words.every((word) => word === 'last' || word === 'is' || pageWords.has(word)))
    return has('is') ? 'last' : 'page_count'
  if (has('truncated', 'partial', 'incomplete', 'degraded', 'stale', 'overflow')) return 'more'
  const follows = (first: string, second: string) => words.some((word, i) => word === second && words[i - 1] === first)
  if (follows('has', 'next')) return 'more'
  if (follows('is', 'last')) return 'last'
  const isEnd = has('complete', 'completed', 'finish', 'finished', 'end', 'ended', 'eof', 'done')
  return isEnd && !isInRoom && words.every((word) => endWords.has(word)) ? 'last' : undefined
}

function pageMeaning(words: readonly string[], { isInRoom }: FieldContext): FieldMeaning | undefined {
  const has: HasWord = (...anyOf) => anyOf.some((word) => words.includes(word))
  const name = words.join(' ')
  if (name === 'offset' || name === 'skip' || name === 'page offset' || name === 'page start') return 'offset'
  if (!isInRoom && (name === 'limit' || name === 'max results')) return 'page_size'
  if (!isInRoom && name === 'current') return 'number'
  if (isInRoom && words.some((word) => documentWords.has(word))) return undefined
  if (has('page', 'pages') && words.some((word) => leftWords.has(word))) return 'missing'
  if (!has('page', 'pages') || has('navigate', 'first', 'url', 'uri', 'link', 'links')) return undefined
  if (has('size', 'per', 'limit', 'length', 'rows')) return has('max', 'min', 'default') ? undefined : 'page_size'
  if (has('total', 'totals', 'pages', 'count', 'all', 'max', 'last', 'nums')) return 'page_count'
  return words.every((word) => pageWords.has(word) || positionWords.has(word)) ? 'page_position' : 'unknown'
}

function countMeaning(words: readonly string[], { subject, isInRoom }: FieldContext): FieldMeaning | undefined {
  if (words.some((word) => capacityWords.has(word))) return undefined
  const stated = words.filter((word) => countWords.has(word))
  const counted = words.filter((word) => !countWords.has(word))
  if (isLeftOver(words, subject, isInRoom)) return 'missing'
  if (stated.length === 0) return nounMeaning(counted, subject)
  if (!isInRoom && words.length === 1 && words[0] === 'size') return 'size'
  if (!isInRoom && words.length === 1 && words[0] === 'number') return 'number'
  if (counted.some((word) => missingNouns.has(word))) return 'missing'
  const isAboutOthers = counted.some((word) => otherNouns.has(word)) && !counted.some((word) => listWords.has(word))
  const isAboutParts = isInRoom && counted.some((word) => roomPartNouns.has(word))
  if (isAboutOthers || isAboutParts || identifies(stated, counted, subject)) return undefined
  if (counted.some((word) => someUserNouns.has(word))) return 'some_users'
  const nouns = counted.filter((word) => !itemNouns.has(word) && !wholeWords.has(word))
  const isWhole = words.some((word) => wholeWords.has(word))
  if (nouns.length === 0) return isWhole ? 'total' : 'count'
  const isAboutUsers = nouns.some((word) => userNouns.has(word))
  if (!nouns.every((word) => userNouns.has(word) || roomNouns.has(word))) return 'unknown'
  if (subject === 'users') return isAboutUsers ? 'count' : 'unknown'
  if (!isAboutUsers) return isWhole ? 'total' : 'count'
  // `room_online_count` may mean rooms or users.
  return nouns.every((word) => word === 'online' || roomNouns.has(word)) && nouns.length > 1 ? 'unknown' : 'user_count'
}

/** `rooms_left` and `left_count` beside a list of rooms: what the list does not have. */
function isLeftOver(words: readonly string[], subject: ListSubject, isInRoom: boolean): boolean {
  if (isInRoom || subject !== 'rooms' || !words.some((word) => leftWords.has(word)) || words.length < 2) return false
  return words.every((w) => leftWords.has(w) || countWords.has(w) || itemNouns.has(w) || roomNouns.has(w))
}

/** Whether the number is a name and not a count: `phone_number`, or `room_num` in a room and beside its users. */
function identifies(stated: readonly string[], counted: readonly string[], subject: ListSubject): boolean {
  if (counted.length === 0 || !stated.every((word) => word === 'number' || word === 'num')) return false
  return counted.every((word) => identifiedNouns.has(word) || (subject === 'users' && roomNouns.has(word)))
}

/** A number whose name is only a plural noun, such as `rooms: 57` or `online_users: 350`, is a count. */
function nounMeaning(words: readonly string[], subject: ListSubject): FieldMeaning | undefined {
  const noun = words.at(-1) ?? ''
  if (['remaining', 'missing', 'omitted', 'skipped'].includes(noun) && words.length === 1) return 'missing'
  if (words.length === 1 && /^(records|items|rows|elements|entries|results|found|hits|returned)$/.test(noun))
    return 'count'
  if (words.length === 1 && noun === 'online') return subject === 'rooms' ? 'user_count' : 'count'
  const isPlain = words.slice(0, -1).every((word) => itemNouns.has(word) || word === 'online')
  if (!isPlain || !/(s|people|headcount|occupancy)$/.test(noun)) return undefined
  if (userNouns.has(noun)) return subject === 'rooms' ? 'user_count' : 'count'
  return roomNouns.has(noun) && subject === 'rooms' ? 'count' : undefined
}
