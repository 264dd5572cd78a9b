import type { School } from '@northbound/avd-simulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type ExpectedAttendance,
  type ExpectedMeeting,
  expectAttendance,
  expectMeetings,
  measure,
} from '../support/expected-meetings.ts'
import { expectUsage } from '../support/expected-usage.ts'
import { readCsv } from '../support/read-csv.ts'
import { readSheet } from '../support/read-xlsx.ts'
import { createSmallSchool } from '../support/small-school.ts'
import { type System, startSystem } from '../support/system.ts'

const hourMs = 3_600_000
/** The default time zone, Asia/Shanghai. */
const utcOffsetMs = 8 * hourMs

let system: System
let school: School
let meetings: ExpectedMeeting[]

beforeAll(async () => {
  system = await startSystem({
    history(endAt) {
      school = createSmallSchool(endAt)
      return school
    },
  })
  meetings = expectMeetings(school, school.endAt)
})
afterAll(() => system.run.stop())

const id = encodeURIComponent
const iso = (at: number) => new Date(at).toISOString()

/** Reads all pages of a list. */
async function listAll(path: string): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const { status, body } = await system.query(`${path}&limit=1000&cursor=${id(cursor)}`)
    expect(status, path).toBe(200)
    const page = body as { items: Record<string, unknown>[]; cursor: string | null }
    items.push(...page.items)
    cursor = page.cursor
  }
  return items
}

async function download(path: string): Promise<Buffer> {
  const response = await fetch(`${system.run.url}${path}`, {
    headers: { authorization: `Bearer ${system.run.apiToken}` },
  })
  expect(response.status, path).toBe(200)
  return Buffer.from(await response.arrayBuffer())
}

const roomIds = () => [...new Set(school.openings.map(({ room_id }) => room_id))]

/** The interval of a meeting in the query of a request. Those in progress count until the end of the script. */
function intervalOf({ room_id, openedAt, closedAt }: ExpectedMeeting) {
  const interval = { from: openedAt, to: closedAt ?? school.endAt }
  return { interval, query: `room_id=${id(room_id)}&from=${id(iso(interval.from))}&to=${id(iso(interval.to))}` }
}

describe('the sessions of a school', () => {
  it('equal the visits of the script', async () => {
    for (const room_id of roomIds()) {
      const visits = school.visits.filter((visit) => visit.room_id === room_id)
      const expected = visits.map((visit) => ({
        user_id: visit.user_id,
        user_name: visit.user_name,
        joined_at: iso(visit.from),
        left_at: visit.to === null ? null : iso(visit.to),
        seconds: visit.to === null ? null : Math.round((visit.to - visit.from) / 1000),
        leave_reason: visit.leave_reason,
        endpoint_type: visit.endpoint_type,
        reconnects: visit.reconnects,
        estimated: visit.estimated,
      }))
      const sessions = await listAll(`/api/sessions?room_id=${id(room_id)}`)
      const key = (row: object) => JSON.stringify(row)
      const sorted = sessions.map(({ room_id: _, ...session }) => session).sort((a, b) => (key(a) < key(b) ? -1 : 1))
      expect(sorted, room_id).toEqual(expected.sort((a, b) => (key(a) < key(b) ? -1 : 1)))
    }
  })

  it('contain every kind of visit', () => {
    const reasons = new Set(school.visits.map(({ leave_reason }) => leave_reason))
    const expected = ['normal', 'offline', 'reconciled', 'room_closed', 'server_kick', null]
    expect(reasons).toEqual(new Set(expected))
    expect(new Set(school.visits.map(({ reconnects }) => reconnects))).toEqual(new Set([0, 1, 2]))
    expect(school.visits.filter(({ endpoint_type }) => endpoint_type === null)).not.toEqual([])
  })
})

describe('the meetings of a school', () => {
  it('equal those that follow from the script', async () => {
    for (const room_id of roomIds()) {
      const expected = meetings.filter((meeting) => meeting.room_id === room_id)
      const startedAt = Date.now()
      const items = await listAll(`/api/meetings?room_id=${id(room_id)}`)
      const endedAt = Date.now()
      expect(items, room_id).toHaveLength(expected.length)
      for (const [index, meeting] of expected.entries()) {
        const { openedAt, closedAt, close_reason, estimated } = meeting
        const [least, most] = [measure(meeting, startedAt), measure(meeting, endedAt)]
        const { seconds, person_seconds, ...item } = items[index] ?? {}
        expect(item).toEqual({
          room_id,
          opened_at: iso(openedAt),
          closed_at: closedAt === null ? null : iso(closedAt),
          close_reason,
          people: most.people,
          peak: most.peak,
          estimated,
        })
        for (const [actual, min, max] of [
          [seconds, least.seconds, most.seconds],
          [person_seconds, least.person_seconds, most.person_seconds],
        ]) {
          expect(actual).toBeGreaterThanOrEqual(min as number)
          expect(actual).toBeLessThanOrEqual(max as number)
        }
      }
    }
  })

  it('are as many as the script has, of every kind', () => {
    expect(lessons()).toHaveLength(10)
    expect(new Set(meetings.map(({ close_reason }) => close_reason))).toEqual(
      new Set(['auto', 'user', 'reconciled', null]),
    )
  })
})

describe('the attendance of a meeting', () => {
  const listRows = (room_id: string, interval: { from: number; to: number }) =>
    expectAttendance(school, room_id, interval).map(({ row }) => row)

  it('equals the visits of each person as JSON', async () => {
    for (const meeting of meetings) {
      const { interval, query } = intervalOf(meeting)
      expect(await listAll(`/api/attendance?${query}`), query).toEqual(listRows(meeting.room_id, interval))
    }
  })

  it('equals the visits of each person cut to a part of the meeting', async () => {
    for (const { room_id, openedAt } of lessons()) {
      const from = openedAt + 400_000
      const to = openedAt + 1_000_000
      const query = `room_id=${id(room_id)}&from=${id(iso(from))}&to=${id(iso(to))}`
      expect(await listAll(`/api/attendance?${query}`)).toEqual(listRows(room_id, { from, to }))
    }
  })

  it('equals the visits of each person as CSV, with the ids that a spreadsheet would change marked as text', async () => {
    for (const meeting of meetings) {
      const { interval, query } = intervalOf(meeting)
      const [titles, ...rows] = readCsv((await download(`/api/attendance?${query}&format=csv&lang=zh`)).toString())
      expect(titles).toHaveLength(columns)
      const expected = expectAttendance(school, meeting.room_id, interval).map((attendance) =>
        cellsOf(attendance, '是', '否').map((cell) => String(cell ?? '')),
      )
      expect(rows.map((row) => countEndpoints(row.map(unprotect)).map(String))).toEqual(expected)
      const ids = rows.map(([cell = '']) => cell)
      for (const cell of ids) if (changesInSpreadsheet.test(unprotect(cell))) expect(cell[0]).toBe("'")
    }
  })

  it('equals the visits of each person as a workbook, with times and minutes as numbers', async () => {
    for (const meeting of lessons()) {
      const { interval, query } = intervalOf(meeting)
      const [titles, ...rows] = readSheet(await download(`/api/attendance?${query}&format=xlsx&lang=en`))
      expect(titles).toHaveLength(columns)
      const expected = expectAttendance(school, meeting.room_id, interval).map((attendance) =>
        cellsOf(attendance, 'yes', 'no'),
      )
      expect(rows.map((row) => countEndpoints(readCells(row)))).toEqual(expected)
    }
  })
})

/** The meetings of the permanent room. */
const lessons = () => meetings.filter(({ room_id }) => room_id === school.permanentRoomId)

const columns = 9
/** Position of the endpoints, which have a name in each language: only their number is compared. */
const endpointColumn = 7
const changesInSpreadsheet = /^(\d{16,}|0\d+|\d+E\d+|\d+[-/]\d.*)$/

function cellsOf({ row, presentMs }: ExpectedAttendance, yes: string, no: string): (string | number | null)[] {
  return [
    row.user_id,
    row.user_name,
    localTime(row.first_joined_at),
    localTime(row.last_left_at),
    Math.round(presentMs / 600) / 100,
    row.sessions,
    row.reconnects,
    row.endpoint_types.length,
    row.estimated ? yes : no,
  ]
}

function localTime(time: string | null): string | null {
  if (time === null) return null
  return iso(Date.parse(time) + utcOffsetMs)
    .slice(0, 19)
    .replace('T', ' ')
}

function countEndpoints(cells: readonly (string | number | null)[]): (string | number | null)[] {
  const names = String(cells[endpointColumn] ?? '')
  return cells.with(endpointColumn, names === '' ? 0 : names.split(', ').length)
}

/** Takes the mark away that keeps a spreadsheet from changing the cell. */
function unprotect(cell: string): string {
  return cell.replace(/^'/, '')
}

const dayMs = 24 * hourMs
const spreadsheetEpoch = Date.UTC(1899, 11, 30)

function readCells(cells: ReturnType<typeof readSheet>[number]): (string | number | null)[] {
  const values = cells.map((cell) => {
    if (cell === null) return null
    if (typeof cell.value === 'string') return unescapeXml(cell.value)
    if (!cell.format?.includes('yyyy')) return cell.value
    return localTime(iso(Math.round((cell.value * dayMs + spreadsheetEpoch) / 1000) * 1000 - utcOffsetMs))
  })
  return Array.from({ length: columns }, (_, index) => values[index] ?? null)
}

function unescapeXml(text: string): string {
  const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }
  return text.replace(/&(\w+);/g, (entity, name: string) => entities[name] ?? entity)
}

describe('the usage of a school', () => {
  it.each(['hour', 'day', 'month'] as const)('equals the script by %s', async (period) => {
    const to = school.endAt - (school.endAt % hourMs)
    const items = await listAll(`/api/usage?period=${period}&to=${id(iso(to))}`)
    expect(items).toEqual(expectUsage(school, period, to, utcOffsetMs))
  })
})
