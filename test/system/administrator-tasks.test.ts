import type { School } from '@northbound/avd-simulator'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { expectAttendance, expectMeetings } from '../support/expected-meetings.ts'
import { expectUsage } from '../support/expected-usage.ts'
import { readSheet } from '../support/read-xlsx.ts'
import { createSmallSchool } from '../support/small-school.ts'
import { checkCodeKey, type System, startSystem } from '../support/system.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** The default time zone, Asia/Shanghai. */
const utcOffsetMs = 8 * hourMs

type Item = Readonly<Record<string, unknown>>

let system: System
let school: School
let requests = 0

beforeAll(async () => {
  const history = (endAt: number) => {
    school = createSmallSchool(endAt)
    return school
  }
  system = await startSystem({ checkCodeKey, history })
  const params = { event: 'join', trace_id: 'refused', room_id: school.permanentRoomId, user_id: 'u1' }
  await system.callback({ ...params, check_code: 'ab'.repeat(32) })
})
beforeEach(() => {
  requests = 0
})
afterAll(() => system.run.stop())

const id = encodeURIComponent
/** A time as an administrator types it, such as `2026-11-26T00:00+08:00`. */
const localTime = (at: number) => id(`${new Date(at + utcOffsetMs).toISOString().slice(0, 16)}+08:00`)

/** One request, as curl makes it. */
async function request(path: string): Promise<Response> {
  requests += 1
  const response = await fetch(`${system.run.url}${path}`, {
    headers: { authorization: `Bearer ${system.run.apiToken}` },
  })
  expect(response.status, path).toBe(200)
  return response
}

async function list(path: string): Promise<readonly Item[]> {
  const { items, cursor } = (await (await request(path)).json()) as { items: Item[]; cursor: string | null }
  expect(cursor).toBeNull()
  return items
}

/** Midnight at the beginning of today. */
const today = () => school.endAt - ((school.endAt + utcOffsetMs) % dayMs)

describe('an administrator learns by HTTP', () => {
  it('who is in a room, in one request', async () => {
    const { room, participants } = (await (
      await request(`/api/room?room_id=${school.permanentRoomId}&present=true`)
    ).json()) as { room: Item; participants: Item[] }
    const present = school.visits.filter(({ room_id, to }) => room_id === school.permanentRoomId && to === null)
    expect(present.length).toBeGreaterThan(4)
    const names = participants.map(({ user_id, user_name }) => [user_id, user_name])
    expect(new Set(names)).toEqual(new Set(present.map(({ user_id, user_name }) => [user_id, user_name])))
    expect(room).toMatchObject({ name: '七年级数学答疑', status: 'open', present: present.length })
    expect(requests).toBe(1)
  })

  it("the minutes of each person in yesterday's lesson as a workbook, in two requests", async () => {
    const room = `room_id=${school.permanentRoomId}`
    const yesterday = `from=${localTime(today() - dayMs)}&to=${localTime(today())}`
    const meetings = await list(`/api/meetings?${room}&${yesterday}`)
    const [lesson] = expectMeetings(school, school.endAt).filter(({ room_id, closedAt }) => {
      return room_id === school.permanentRoomId && closedAt !== null && closedAt > today() - dayMs
    })
    const { openedAt = 0, closedAt = 0 } = lesson ?? {}
    expect(meetings[0]).toMatchObject({ opened_at: new Date(openedAt).toISOString() })
    const { opened_at, closed_at } = meetings[0] ?? {}
    const file = await request(`/api/attendance?${room}&from=${opened_at}&to=${closed_at}&format=xlsx&lang=zh`)
    const [, ...rows] = readSheet(Buffer.from(await file.arrayBuffer()))
    const interval = { from: openedAt, to: closedAt ?? 0 }
    const expected = expectAttendance(school, school.permanentRoomId, interval)
    expect(expected.length).toBeGreaterThan(4)
    expect(rows.map((row) => row[4]?.value)).toEqual(expected.map(({ presentMs }) => Math.round(presentMs / 600) / 100))
    expect(requests).toBe(2)
  })

  it("last week's recordings with their files and failures, in one request", async () => {
    const from = today() - 7 * dayMs
    const items = await list(`/api/recordings?from=${localTime(from)}&to=${localTime(today())}&limit=1000`)
    const expected = school.recordings.filter(({ startedAt }) => startedAt >= from && startedAt < today())
    expect(expected.map(({ status }) => status)).toEqual(expect.arrayContaining(['ready', 'failed']))
    const key = ({ started_at, exporter_id }: Item) => `${started_at} ${exporter_id}`
    const recordings = items.map(({ room_id, exporter_id, status, started_at, file_list, reason }) => {
      return { room_id, exporter_id, status, started_at, file_list, reason }
    })
    expect(recordings.toSorted((one, other) => (key(one) < key(other) ? -1 : 1))).toEqual(
      expected
        .map(({ startedAt, files, ...recording }) => {
          return { ...recording, started_at: new Date(startedAt).toISOString(), file_list: files }
        })
        .sort((one, other) => (key(one) < key(other) ? -1 : 1)),
    )
    expect(requests).toBe(1)
  })

  it('which media server has warnings, since when, and whether it is over, in one request', async () => {
    const items = await list('/api/boxes')
    const codes = new Set(school.warnings.map(({ box_code }) => box_code))
    expect(new Set(items.map(({ box_code }) => box_code))).toEqual(codes)
    for (const { box_code, state, first_warning_at, last_warning_at, ports } of items) {
      const warnings = school.warnings.filter((warning) => warning.box_code === box_code)
      const lastAt = Math.max(...warnings.map(({ at }) => at))
      expect(last_warning_at).toBe(new Date(lastAt).toISOString())
      expect(state).toBe(school.endAt - lastAt < hourMs ? 'warning' : 'quiet')
      const episode = warnings.filter(({ at }) => lastAt - at < hourMs)
      expect(first_warning_at).toBe(new Date(Math.min(...episode.map(({ at }) => at))).toISOString())
      const names = new Set(warnings.flatMap((warning) => warning.ports.map(({ type, port }) => `${type} ${port}`)))
      expect(new Set((ports as Item[]).map(({ type, port }) => `${type} ${port}`))).toEqual(names)
    }
    expect(items.map(({ state }) => state)).toContain('warning')
    expect(requests).toBe(1)
  })

  it('whether the system is well and when the last callback came, in one request', async () => {
    const stats = (await (await request('/api/stats')).json()) as Item
    const callbacks = school.events.filter(({ source }) => source === 'callback').map(({ receivedAt }) => receivedAt)
    expect(stats).toMatchObject({
      rooms_open: school.openings.filter(({ to }) => to === null).length,
      participants_present: school.visits.filter(({ to }) => to === null).length,
      last_callback_at: new Date(Math.max(...callbacks)).toISOString(),
      queue_depth: 0,
      dead_letters: 0,
    })
    expect(stats.warnings).toEqual(expect.arrayContaining(['port_check', 'refused_signatures']))
    expect(requests).toBe(1)
  })

  it('the peak of each month, in one request', async () => {
    const items = await list(`/api/usage?period=month`)
    const [thisMonth] = expectUsage(school, 'month', school.endAt, utcOffsetMs)
    const { peak_people, peak_rooms } = items.find(({ period_start }) => period_start === thisMonth?.period_start) ?? {}
    expect({ peak_people, peak_rooms }).toEqual({
      peak_people: thisMonth?.peak_people,
      peak_rooms: thisMonth?.peak_rooms,
    })
    expect(requests).toBe(1)
  })

  it('that a callback had a wrong key, and what it was, in one request', async () => {
    const items = await list('/api/refused')
    expect(items).toHaveLength(1)
    expect(items[0]).toMatchObject({ outcome: 'check_code_wrong', method: 'GET', source_address: '127.0.0.1' })
    expect(items[0]?.msg).toMatch(/check_code/)
    expect(JSON.stringify(items)).toContain(school.permanentRoomId)
    expect(JSON.stringify(items)).not.toContain('abab')
    expect(requests).toBe(1)
  })

  it('who a person is by a part of the name, where they are, and when they were there, in two requests', async () => {
    const namesOf = (id: string) =>
      new Set(school.visits.flatMap((visit) => (visit.user_id === id ? visit.user_name : [])))
    const someone = school.visits.find((visit) => {
      return visit.to === null && visit.user_name !== null && namesOf(visit.user_id).size === 1
    })
    const { user_id, user_name } = someone ?? {}
    const part = user_name?.slice(1)
    const people = await list(`/api/people?q=${id(part ?? '')}`)
    const person = people.find((entry) => entry.user_id === user_id)
    const visits = school.visits.filter((visit) => visit.user_id === user_id)
    const present = visits.filter(({ to }) => to === null).map(({ room_id }) => room_id)
    expect(person).toMatchObject({ user_name, present_in: present.sort() })
    const sessions = await list(`/api/sessions?user_id=${id(user_id ?? '')}&limit=1000`)
    expect(sessions.map(({ joined_at }) => joined_at)).toEqual(
      visits
        .map(({ from }) => new Date(from).toISOString())
        .sort()
        .reverse(),
    )
    expect(requests).toBe(2)
  })
})
