import type { ListPaths } from './avd-settings.ts'
import { PlatformError } from './http.ts'
import { isObject, namesIn } from './json-fields.ts'
import { verifyProjections } from './projections.ts'
import { findRoomFailure } from './success.ts'

type Group = { readonly path: string; readonly object: Readonly<Record<string, unknown>> }

/**
 * Finds the objects that contain parts of the list, if its path leads through arrays: the servers in `servers[].rooms[]`.
 *
 * @throws PlatformError 'incomplete' if one of them states a failure, or has no rooms.
 */
export function findGroups(response: unknown, paths: ListPaths | undefined, rooms: readonly unknown[]): Group[] {
  if (paths === undefined) return []
  const projected = verifyProjections(response, paths.rooms, '')
  if (projected !== undefined) {
    for (const { object, path } of projected) verifyObject(object, path)
    return [...projected]
  }
  const names = new Set(namesIn(paths.rooms))
  const listed = new Set(rooms)
  const visit = (value: unknown, path: string): Group[] => {
    if (Array.isArray(value)) return value.flatMap((entry, index) => visitEntry(entry, `${path}[${index}]`))
    if (!isObject(value)) return []
    return Object.entries(value).flatMap(([name, field]) =>
      names.has(name) ? visit(field, path === '' ? name : `${path}.${name}`) : [],
    )
  }
  const visitEntry = (entry: unknown, path: string): Group[] => {
    if (!isObject(entry) || listed.has(entry)) return []
    verifyObject(entry, path)
    return [{ path, object: entry }, ...visit(entry, path)]
  }
  return visit(response, '')
}

/** @throws PlatformError 'incomplete' if a room, or an object with rooms, states a failure. */
export function verifyObject(object: Readonly<Record<string, unknown>>, path: string): void {
  const failure = findRoomFailure(object)
  if (failure === undefined) return
  const field = `${path}.${failure}`
  throw new PlatformError('incomplete', { english: `${field} states a failure`, chinese: `${field} 表示失败` })
}
