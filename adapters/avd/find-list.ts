import type { ListSubject } from './field-meaning.ts'
import { findFields } from './field-names.ts'
import { PlatformError } from './http.ts'
import { isObject } from './json-fields.ts'

const genericNames = ['list', 'items', 'records', 'rows', 'result', 'results', 'data', 'content', 'elements', 'entries']
const specificNames: Readonly<Record<ListSubject, readonly string[]>> = {
  rooms: ['rooms', 'roomlist', 'openrooms', 'meetings', 'meetinglist'],
  users: [
    ...['users', 'userlist', 'onlineusers', 'onlineuserlist', 'participants', 'participantlist', 'participatelist'],
    ...['members', 'memberlist', 'attendees'],
  ],
}
/** Objects that may contain the list. */
const containerNames = [
  ...[
    'data',
    'result',
    'results',
    'response',
    'resp',
    'rsp',
    'res',
    'body',
    'payload',
    'content',
    'page',
    'pagination',
  ],
  ...['obj', 'object', 'info', 'return', 'embedded'],
]
const maxDepth = 3

const chineseNames: Readonly<Record<ListSubject, string>> = { rooms: '房间', users: '用户' }

type FoundList = { readonly path: string; readonly list: readonly unknown[] }

/** What could be the list: arrays with a usual name, other arrays, and fields named after the entries that are no arrays. */
type Candidates = {
  readonly lists: FoundList[]
  readonly others: FoundList[]
  readonly fields: { readonly path: string }[]
}

/**
 * Finds the list in a response by the names of its fields: at the top level, or in objects such as `data`.
 *
 * @returns undefined if the response has no list.
 * @throws PlatformError 'unrecognised' if several lists are possible.
 */
export function findList(response: unknown, subject: ListSubject): readonly unknown[] | undefined {
  const candidates: Candidates = { lists: [], others: [], fields: [] }
  if (isObject(response)) collectCandidates(response, { subject, path: '', depth: 1 }, candidates)
  const [first, other] = candidates.lists
  if (first === undefined) return undefined
  const second = other ?? candidates.others.find(({ list }) => looksLike(list, subject))
  if (second !== undefined)
    throw new PlatformError('unrecognised', {
      english: `the response has two lists of ${subject}: ${first.path} and ${second.path}`,
      chinese: `响应中有两个${chineseNames[subject]}列表：${first.path} 和 ${second.path}`,
    })
  const doubt = candidates.fields.find(({ path }) => !first.path.startsWith(`${path}.`))
  // Beside `rooms: null`, an empty list may be about something else.
  if (doubt !== undefined && first.list.length === 0)
    throw new PlatformError('unrecognised', {
      english: `${first.path} is empty, but ${doubt.path} is not a list`,
      chinese: `${first.path} 为空，而 ${doubt.path} 不是列表`,
    })
  return first.list
}

type Place = { readonly subject: ListSubject; readonly path: string; readonly depth: number }

function collectCandidates(
  object: Readonly<Record<string, unknown>>,
  { subject, path, depth }: Place,
  candidates: Candidates,
): void {
  const namesOf = (names: readonly string[]) => new Set(findFields(object, names).map(({ name }) => name))
  const specific = namesOf(specificNames[subject])
  const generic = namesOf(genericNames)
  const containers = namesOf(containerNames)
  for (const [name, value] of Object.entries(object)) {
    const fieldPath = path === '' ? name : `${path}.${name}`
    const isNamed = specific.has(name) || generic.has(name)
    if (Array.isArray(value)) (isNamed ? candidates.lists : candidates.others).push({ path: fieldPath, list: value })
    // A number, as in `rooms: 3`, is a count.
    else if (specific.has(name) && typeof value !== 'number') candidates.fields.push({ path: fieldPath })
    const isContainer = containers.has(name) || specific.has(name)
    if (isObject(value) && isContainer && depth < maxDepth)
      collectCandidates(value, { subject, path: fieldPath, depth: depth + 1 }, candidates)
  }
}

/** Whether a list with an unknown name has entries like the list that is looked for. */
function looksLike(list: readonly unknown[], subject: ListSubject): boolean {
  const names = subject === 'rooms' ? ['roomid', ...specificNames.users] : ['userid']
  return list.some((entry) => isObject(entry) && findFields(entry, names).length > 0)
}
