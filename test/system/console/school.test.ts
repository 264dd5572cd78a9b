import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSmallSchool } from '../../support/small-school.ts'
import { type System, startSystem } from '../../support/system.ts'
import { browser } from './browser.ts'

/** Times as in the API, durations as `PT90S`, and other numbers as text, in any order. */
type Numbers = readonly string[]
type Item = Readonly<Record<string, unknown>>

const dayMs = 86_400_000
/** The default time zone, Asia/Shanghai. */
const utcOffsetMs = 8 * 3_600_000

describe.skipIf(browser === undefined)('the console on the data of a school', { timeout: 120_000 }, () => {
  let system: System
  let page: Page
  const roomId = 'math-7'

  beforeAll(async () => {
    system = await startSystem({ history: createSmallSchool })
    if (browser === undefined) return
    page = await browser.newPage({ locale: 'en-GB' })
    await page.goto(system.run.consoleUrl)
    await page.fill('#token', system.run.apiToken)
    await page.press('#token', 'Enter')
    await page.waitForSelector('.card')
  })
  afterAll(async () => {
    await browser?.close()
    await system.run.stop()
  })

  const id = encodeURIComponent
  const open = (hash: string) => page.goto(`${system.run.consoleUrl}#/${hash}`)
  const read = async (path: string) => (await system.query(path)).body as Item
  const list = async (path: string) => (await read(path)).items as readonly Item[]

  /** Compares what is shown with what the API responds, again and again, because both go on with the time. */
  const expectEqual = async (shown: () => Promise<unknown>, fromApi: () => Promise<unknown>) => {
    const compare = async () => expect(await shown()).toEqual(await fromApi())
    await expect.poll(() => compare().then(() => 'equal', String), { timeout: 20_000 }).toBe('equal')
  }

  /** Compares the numbers in each row of the table with this caption. */
  const expectTable = (caption: string, fromApi: () => Promise<readonly Numbers[]>) =>
    expectEqual(
      () => readRows(page.getByRole('region', { name: caption, exact: true }).first().locator('tbody tr')),
      async () => (await fromApi()).map(sort),
    )

  it('shows the numbers of the board as cards and as a list', async () => {
    const listRooms = async () =>
      (await list('/api/rooms?limit=1000')).map(({ opened_at, present }) => sort(numbers(opened_at, present)))
    await open('')
    await expectEqual(
      async () => sortRows(await readRows(page.locator('.card'), '.present', 'p time')),
      async () => sortRows(await listRooms()),
    )
    const readFacts = async () => [await text('#rooms-open'), await text('#participants-present')]
    await expectEqual(readFacts, async () => {
      const stats = await read('/api/stats')
      return numbers(stats.rooms_open, stats.participants_present)
    })
    await open('?view=list')
    await expectEqual(
      async () => sortRows(await readRows(page.getByRole('region', { name: 'Open rooms' }).locator('tbody tr'))),
      async () => sortRows(await listRooms()),
    )
  })

  it('shows the numbers of closed rooms', async () => {
    await open('closed')
    await expectTable('Closed rooms', async () =>
      (await list('/api/rooms?status=closed&limit=1000')).map((room) => numbers(room.opened_at, room.closed_at)),
    )
  })

  it('shows the numbers of a room: the people now and all meetings', async () => {
    await open(`rooms/${roomId}`)
    await expectEqual(
      () => text('#present'),
      async () => String(((await read(`/api/room?room_id=${roomId}`)).room as Item).present),
    )
    await expectTable('People now', async () => {
      const { participants } = await read(`/api/room?room_id=${roomId}&present=true&limit=1000`)
      return (participants as Item[]).map(({ joined_at, reconnects }) => numbers(joined_at, reconnects))
    })
    await expectEqual(
      async () =>
        (await readRows(page.getByRole('region', { name: 'Meetings', exact: true }).locator('tbody tr'))).map(stable),
      async () =>
        (await list(`/api/meetings?room_id=${roomId}&order=newest`)).map((row) => stable(sort(meetingNumbers(row)))),
    )
  })

  it('shows the numbers of a meeting: the meeting itself, attendance, sessions and recordings', async () => {
    const meetings = await list(`/api/meetings?room_id=${roomId}&order=newest`)
    const ended = meetings.filter(({ closed_at }) => closed_at !== null)
    expect(ended.length).toBeGreaterThan(8)
    // Every third one, for time.
    for (const meeting of ended.filter((_, index) => index % 3 === 0)) {
      const { opened_at, closed_at, people, peak } = meeting
      await open(`rooms/${roomId}?meeting=${id(String(opened_at))}`)
      await expectEqual(
        async () => sort(await readNumbers(page.locator('dl.facts').first(), 'time')),
        async () => sort(numbers(opened_at, closed_at, seconds(meeting.seconds), seconds(meeting.person_seconds))),
      )
      expect([await text('#meeting-people'), await text('#meeting-peak')]).toEqual(numbers(people, peak))
      const interval = `room_id=${roomId}&from=${opened_at}&to=${closed_at}`
      const attendance = await list(`/api/attendance?${interval}&limit=1000`)
      const sessions = await list(`/api/sessions?${interval}&limit=1000`)
      await expectTable('Attendance', async () =>
        attendance.map((row) => {
          const own = sessions.filter(({ user_id }) => user_id === row.user_id)
          const times = own.flatMap(({ joined_at, left_at }) => numbers(joined_at, left_at))
          const { first_joined_at, last_left_at, reconnects } = row
          return [...numbers(first_joined_at, last_left_at, seconds(row.seconds), row.sessions, reconnects), ...times]
        }),
      )
      await expectTable('Recordings', async () => (await list(`/api/recordings?${interval}`)).map(recordingNumbers))
    }
  })

  it('shows the numbers of the sessions of a user', async () => {
    const [first, ...others] = await list(`/api/people?limit=1000`)
    const users = [first, others[3], others.find(({ present_in }) => (present_in as unknown[]).length > 0)]
    for (const user of users) {
      await open(`users/${id(String(user?.user_id))}`)
      await expectTable('Attendance', async () =>
        (await list(`/api/sessions?user_id=${id(String(user?.user_id))}&limit=1000`)).map((session) =>
          numbers(session.joined_at, session.left_at, seconds(session.seconds), session.reconnects),
        ),
      )
    }
  })

  it('shows the numbers of recordings', async () => {
    await open('recordings')
    await expectTable('Recordings', async () => (await list('/api/recordings?limit=1000')).map(recordingNumbers))
  })

  it('shows the numbers of media servers and of their warnings', async () => {
    await open('boxes')
    const boxes = await list('/api/boxes')
    const alerts = ({ alerts_sent, alerts_suppressed }: Item) => numbers(alerts_sent, alerts_suppressed)
    const rows = page.locator('tbody tr')
    await expectEqual(
      async () => (await readRows(rows, 'td.number .value')).map(sort),
      async () => boxes.map((box) => sort(alerts(box))),
    )
    for (const { first_warning_at, last_warning_at } of boxes)
      for (const at of [first_warning_at, last_warning_at])
        expect(await page.locator(`tbody time[datetime="${at}"]`).count()).toBeGreaterThan(0)
    for (const { box_code } of boxes) {
      await open(`boxes/${box_code}`)
      await expectTable('Port warnings', async () =>
        (await list(`/api/events?box_code=${box_code}&order=newest`)).map(({ received_at }) => numbers(received_at)),
      )
    }
  })

  it('shows when people were seen last, and in how many rooms they are', async () => {
    await open('people')
    await expectEqual(
      async () => {
        const rows = await page.locator('tbody tr').all()
        return Promise.all(
          rows.map(async (row) =>
            stableSighting(await readNumbers(row, 'time'), await row.locator('ul.plain li').count()),
          ),
        )
      },
      async () =>
        (await list('/api/people?limit=1000')).map(({ last_seen_at, present_in }) =>
          stableSighting(numbers(last_seen_at), (present_in as unknown[]).length),
        ),
    )
  })

  it.each(['hour', 'day', 'month'])('shows the numbers of usage by %s', async (period) => {
    // Until yesterday: each minute adds a sample to today's, and the page reads them once a minute.
    const midnight = Date.now() - ((Date.now() + utcOffsetMs) % dayMs)
    const yesterday = new Date(midnight + utcOffsetMs - 1).toISOString().slice(0, 10)
    await open(`usage?period=${period}&from=2000-01-01&to=${yesterday}`)
    const listUsage = () => list(`/api/usage?period=${period}&to=${new Date(midnight).toISOString()}&limit=1000`)
    const format = (number: unknown) => Number(number).toLocaleString('en-GB')
    await expectTable('Usage', async () =>
      (await listUsage()).map((row) => [
        ...numbers(row.period_start),
        ...[row.peak_people, row.peak_rooms, row.person_minutes, row.meetings].map(format),
        format(row.sampled_minutes),
      ]),
    )
    const sum = (rows: readonly Item[], name: string) => rows.reduce((total, row) => total + Number(row[name]), 0)
    await expectEqual(
      async () => [await text('#usage-person-minutes'), await text('#usage-meetings')],
      async () => {
        const rows = await listUsage()
        return [format(sum(rows, 'person_minutes')), format(sum(rows, 'meetings'))]
      },
    )
    const peak = Math.max(...(await listUsage()).map(({ peak_people }) => Number(peak_people)))
    expect(await text('#usage-peak')).toMatch(new RegExp(`\\b${format(peak)}\\b`))
  })

  it('shows the numbers of health', async () => {
    await open('health')
    await page.waitForSelector('#verdict')
    for (const name of ['queue_depth', 'dead_letters', 'rooms_open', 'participants_present', 'callbacks_last_hour'])
      await expectEqual(
        () => text(`#stat-${name}`),
        async () => String((await read('/api/stats'))[name]),
      )
    await expectEqual(
      () => readNumbers(page.locator('#stat-last_callback_at'), 'time'),
      async () => numbers((await read('/api/stats')).last_callback_at),
    )
    await expectTable('Callbacks applied today', async () =>
      ((await read('/api/callbacks')).kinds as Item[]).map(({ callbacks }) => numbers(callbacks)),
    )
  })

  const text = async (selector: string) => (await page.locator(selector).textContent()) ?? ''
})

/** Those that are not null, as they stand in the console. */
function numbers(...values: readonly unknown[]): string[] {
  return values.filter((value) => value !== null && value !== undefined).map(String)
}

const seconds = (value: unknown) => (value === null ? null : `PT${value}S`)

const sort = (row: Numbers) => row.toSorted()

const sortRows = (rows: readonly Numbers[]) => rows.toSorted((one, other) => (String(one) < String(other) ? -1 : 1))

function meetingNumbers(row: Item): string[] {
  const { opened_at, closed_at, people, peak } = row
  return numbers(opened_at, closed_at, seconds(row.seconds), people, peak, seconds(row.person_seconds))
}

/** The row of a meeting in progress has no end, and durations that go on. */
function stable(row: Numbers): Numbers {
  const isOver = row.filter((number) => number.includes('T') && number.includes('-')).length > 1
  return isOver ? row : row.filter((number) => !number.startsWith('PT'))
}

/** Someone who is in a room is seen all the time. */
function stableSighting(times: Numbers, rooms: number): Numbers {
  return rooms > 0 ? [String(rooms)] : [...times, '0']
}

function recordingNumbers({ started_at, stopped_at, ready_at, file_list }: Item): string[] {
  const sizes = (file_list as Item[]).map(({ size }) => size)
  return numbers(started_at, stopped_at, ready_at, ...sizes)
}

const tableNumbers = ['time', 'td.number .value', 'details summary', 'ul.plain li']

/** Reads the numbers of each row, by default those of a table, sorted. */
async function readRows(rows: Locator, ...selectors: readonly string[]): Promise<Numbers[]> {
  const wanted = selectors.length === 0 ? tableNumbers : selectors
  return Promise.all((await rows.all()).map(async (row) => sort(await readNumbers(row, ...wanted))))
}

/** Reads times by their attribute, sizes of files from the brackets after their names, and other numbers as shown. */
async function readNumbers(place: Locator, ...selectors: readonly string[]): Promise<string[]> {
  const found = await place.locator(selectors.join(', ')).evaluateAll((elements) =>
    elements.map((element) => {
      if (element instanceof HTMLTimeElement) return element.dateTime
      if (element.querySelector('time') !== null) return ''
      const shown = element.textContent ?? ''
      // Files have their size in brackets. Other numbers can stand in a text, such as `12 of 60`.
      if (element.tagName === 'LI') return /\(size ([\d,]+)\)$/.exec(shown)?.[1]?.replaceAll(',', '') ?? ''
      return /([\d,]+)/.exec(shown)?.[1] ?? ''
    }),
  )
  return found.filter((number) => number !== '')
}
