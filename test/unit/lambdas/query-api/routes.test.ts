import { describe, expect, it } from 'vitest'
import { apiRoutes, findRoute } from '../../../../lambdas/query-api/routes.ts'

describe('findRoute', () => {
  it.each([
    ['rooms', 'rooms', ''],
    ['room', 'room', ''],
    ['events', 'events', ''],
    ['sessions', 'sessions', ''],
    ['meetings', 'meetings', ''],
    ['attendance', 'attendance', ''],
    ['timeline', 'timeline', ''],
    ['rooms/R', 'rooms/{room_id}', 'R'],
    ['rooms/R/events', 'rooms/{room_id}/events', 'R'],
    ['rooms/R/sessions', 'rooms/{room_id}/sessions', 'R'],
    ['users/U/sessions', 'users/{user_id}/sessions', 'U'],
    ['rooms/a/b\nc', 'rooms/{room_id}', 'a/b\nc'],
    ['rooms/a/events/sessions', 'rooms/{room_id}/sessions', 'a/events'],
    ['rooms/a/sessions/events', 'rooms/{room_id}/events', 'a/sessions'],
  ])('matches %j to %s', (path, expected, id) => {
    const found = findRoute(path)
    expect(found?.route.path).toBe(expected)
    expect(found?.id).toBe(id)
  })

  it.each(['', 'room/R', 'rooms/', 'users/U', 'events/R', 'sessions/R', 'stats/x', 'rooms\n'])(
    'finds no route for %j',
    (path) => {
      expect(findRoute(path)).toBeUndefined()
    },
  )

  it('finds each route by its own path', () => {
    for (const route of apiRoutes)
      expect(findRoute(route.path.replace(/\{\w+\}/, 'x'))).toEqual({ route, id: /\{/.test(route.path) ? 'x' : '' })
  })
})
