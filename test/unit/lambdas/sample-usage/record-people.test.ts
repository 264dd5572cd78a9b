import { describe, expect, it } from 'vitest'
import type { DirectoryEntry, Sighting } from '../../../../core/people/directory.ts'
import type { PeopleDirectory } from '../../../../core/ports/people-directory.ts'
import { PeopleRecorder } from '../../../../lambdas/sample-usage/record-people.ts'

const noon = Date.UTC(2026, 10, 26, 12)
const hourMs = 3_600_000
const inRoom = (room_id: string, ...users: string[]): Sighting[] => users.map((user_id) => ({ user_id, room_id }))

function createDirectory() {
  const entries = new Map<string, DirectoryEntry>()
  const requests: string[] = []
  const people: PeopleDirectory = {
    async readTimes(userIds) {
      requests.push(`read ${userIds.length}`)
      return new Map(userIds.flatMap((id) => entries.get(id) ?? []).map(({ user_id, seen_at }) => [user_id, seen_at]))
    },
    async record(sightings, now) {
      requests.push(`write ${sightings.map(({ user_id }) => user_id)}`)
      for (const each of sightings) entries.set(each.user_id, { ...each, user_name: null, seen_at: now })
    },
  }
  return { people, entries, requests }
}

describe('PeopleRecorder', () => {
  it('writes each person once a day, whatever the number of rooms and samples', async () => {
    const { people, requests } = createDirectory()
    const recorder = new PeopleRecorder(people)
    await recorder.record([...inRoom('A', 'ann', 'bob'), ...inRoom('B', 'ann')], noon)
    await recorder.record([...inRoom('A', 'ann'), ...inRoom('B', 'bob')], noon + hourMs)
    expect(requests).toEqual(['read 2', 'write ann,bob'])
    await recorder.record(inRoom('A', 'ann'), noon + 12 * hourMs)
    expect(requests.slice(2)).toEqual(['read 1', 'write ann'])
  })

  it('writes nobody again whom another environment has written today', async () => {
    const { people, entries } = createDirectory()
    await new PeopleRecorder(people).record(inRoom('A', 'ann'), noon)
    await new PeopleRecorder(people).record(inRoom('A', 'ann', 'bob'), noon + hourMs)
    expect([...entries.values()].map(({ user_id, seen_at }) => [user_id, seen_at])).toEqual([
      ['ann', noon],
      ['bob', noon + hourMs],
    ])
  })

  it('writes at most a thousand people at once and the others with the next sample', async () => {
    const { people, entries } = createDirectory()
    const recorder = new PeopleRecorder(people)
    const crowd = inRoom('A', ...Array.from({ length: 1500 }, (_, index) => `u${index}`))
    await recorder.record(crowd, noon)
    expect(entries.size).toBe(1000)
    await recorder.record(crowd, noon + 60_000)
    expect(entries.size).toBe(1500)
  })

  it('tries again after a failed write', async () => {
    const { people, entries } = createDirectory()
    let isFailing = true
    const record: PeopleDirectory['record'] = (...request) =>
      isFailing ? Promise.reject(new Error('throttled')) : people.record(...request)
    const recorder = new PeopleRecorder({ ...people, record })
    await expect(recorder.record(inRoom('A', 'ann'), noon)).rejects.toThrow('throttled')
    isFailing = false
    await recorder.record(inRoom('A', 'ann'), noon + 60_000)
    expect([...entries.keys()]).toEqual(['ann'])
  })
})
