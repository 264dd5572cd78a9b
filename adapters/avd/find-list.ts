import type { ListSubject } from './field-meaning.ts'
import { findFields } from './field-names.ts'
import { PlatformError } from './http.ts'
import { isObject } from './json-fields.ts'

const genericNames = ['list', 'items', 'records', 'rows', 'result', 'results', 'data', 'content', 'elements', 'entries']
const listNames: Readonly<Record<ListSubject, readonly string[]>> = {
  rooms: [...genericNames, 'rooms', 'roomlist', 'openrooms', 'meetings', 'meetinglist'],
  users: [
    ...[...genericNames, 'users', 'userlist', 'onlineusers', 'onlineuserlist', 'participants', 'participantlist'],
    ...['participatelist', 'members', 'memberlist', 'attendees'],
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
  ...['obj', 'object', 'info', 'return'],
]
const maxDepth = 3

/**
 * Finds the list in a response by the names of its fields: at the top level, or in objects such as `data`.
 *
 * @returns undefined if there is none.
 * @throws PlatformError 'unrecognised' if several lists are possible.
 */
export function findList(response: unknown, subject: ListSubject): readonly unknown[] | undefined {
  const lists: { path: string; list: readonly unknown[] }[] = []
  const others: { path: string; list: readonly unknown[] }[] = []
  const visit = (object: Readonly<Record<string, unknown>>, path: string, depth: number) => {
    const named = new Set(findFields(object, listNames[subject]).map(({ name }) => name))
    const containers = new Set(findFields(object, containerNames).map(({ name }) => name))
    for (const [name, value] of Object.entries(object)) {
      const fieldPath = path === '' ? name : `${path}.${name}`
      if (Array.isArray(value)) (named.has(name) ? lists : others).push({ path: fieldPath, list: value })
      else if (isObject(value) && containers.has(name) && depth < maxDepth) visit(value, fieldPath, depth + 1)
    }
  }
  if (isObject(response)) visit(response, '', 1)
  const [first, second = others.find(({ list }) => first !== undefined && looksLike(list, subject))] = lists
  if (first !== undefined && second !== undefined)
    throw new PlatformError(
      'unrecognised',
      `the response has two lists of ${subject}: ${first.path} and ${second.path}`,
    )
  return first?.list
}

/** Whether a list with an unknown name has entries like the list that is looked for. */
function looksLike(list: readonly unknown[], subject: ListSubject): boolean {
  const idName = subject === 'rooms' ? 'roomid' : 'userid'
  return list.some((entry) => isObject(entry) && findFields(entry, [idName]).length > 0)
}
