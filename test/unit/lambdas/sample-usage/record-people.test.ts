import { describe, expect, it } from 'vitest'
import type { DirectoryEntry, Sighting } from '../../../../core/people/directory.ts'
import type { PeopleDirectory } from '../../../../core/ports/people-directory.ts'
import { PeopleRecorder } from '../../../../lambdas/sample-usage/record-people.ts'

const noon = Date.UTC(2026, 10, 26, 12)
const hourMs = 3_600_000
const inRoom = (room_id: string, ...users: string[]): Sighting[] => users.map((user_id) => ({ user_id, room_id }))

/** @param names of the people; those of others are not known. */
function createDirectory(
  names: Map<string, string> = new Map([
    ['ann', 'Ann'],
    ['bob', 'Bob'],
  ]),
) {
  const entries = new Map<string, DirectoryEntry>()
  const requests: string[] = []
  const people: PeopleDirectory = {
    async readEntries(userIds) {
      requests.push(`read ${userIds.length}`)
      return new Map(userIds.flatMap((id) => entries.get(id) ?? []).map((entry) => [entry.user_id, entry]))
    },
    readNames: async () => names,
    async write(updates) {
      if (updates.length > 0) requests.push(`write ${updates.map(({ user_id }) => user_id)}`)
      for (const entry of updates) entries.set(entry.user_id, entry)
    },
  }
  return { people, entries, requests, names }
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

  it('writes no one again whom another environment has written today', async () => {
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
    const write: PeopleDirectory['write'] = (...request) =>
      isFailing ? Promise.reject(new Error('throttled')) : people.write(...request)
    const recorder = new PeopleRecorder({ ...people, write })
    await expect(recorder.record(inRoom('A', 'ann'), noon)).rejects.toThrow('throttled')
    isFailing = false
    await recorder.record(inRoom('A', 'ann'), noon + 60_000)
    expect([...entries.keys()]).toEqual(['ann'])
  })

  it('looks for the name of someone who came without one, less and less often', async () => {
    const { people, entries, requests, names } = createDirectory(new Map())
    const recorder = new PeopleRecorder(people)
    const lookUps: number[] = []
    for (let minute = 0; minute < 60; minute++) {
      const before = requests.length
      await recorder.record(inRoom('A', 'eve'), noon + minute * 60_000)
      if (requests.length > before) lookUps.push(minute)
    }
    expect(lookUps).toEqual([0, 1, 3, 7, 15, 31])
    expect(requests.filter((request) => request.startsWith('write'))).toHaveLength(1)
    names.set('eve', 'Eve')
    for (let minute = 60; minute < 120; minute++) await recorder.record(inRoom('A', 'eve'), noon + minute * 60_000)
    expect(entries.get('eve')).toEqual({ user_id: 'eve', room_id: 'A', user_name: 'Eve', seen_at: noon + 63 * 60_000 })
    expect(requests.filter((request) => request.startsWith('write'))).toHaveLength(2)
  })

  it('keeps the name of the day before until the room has one', async () => {
    const { people, entries, names } = createDirectory()
    const recorder = new PeopleRecorder(people)
    await recorder.record(inRoom('A', 'ann'), noon)
    names.clear()
    await recorder.record(inRoom('B', 'ann'), noon + 24 * hourMs)
    expect(entries.get('ann')).toEqual({ user_id: 'ann', room_id: 'B', user_name: 'Ann', seen_at: noon + 24 * hourMs })
    names.set('ann', 'Ann B')
    await recorder.record(inRoom('B', 'ann'), noon + 48 * hourMs)
    expect(entries.get('ann')).toMatchObject({ user_name: 'Ann B' })
  })
})
