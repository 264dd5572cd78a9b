import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ListedRecording } from '../../../../core/ports/catalog-reader.ts'
import { isWithin } from '../../../../core/ports/period.ts'
import { listFiles } from '../../../../core/presentation/recording-files.ts'
import type { NorthboundEvent } from '../../../../core/protocol/events.ts'
import { latestRecording, type RecordingState } from '../../../../core/state/exporter.ts'
import { fold } from '../../../../core/state/fold.ts'
import { event } from '../../../support/events.ts'
import { createApi, isoAfterNoon, noon, roomDetailsAfter } from './test-api.ts'

function recordingAfter(...events: readonly NorthboundEvent[]) {
  const [[, state] = []] = fold(events, { alertWindowMs: 1, timeZone: 'UTC' })
  return latestRecording(state as RecordingState)
}

/** A recording of exporter `E<minute>` that started `minute` minutes after noon. */
function recordingAt(minute: number, status: 'recording' | 'ready' | 'failed') {
  const at = noon + minute * 60_000
  const params = { exporter_id: `E${minute}`, start_time: String(at / 1000), event_type: 'success' }
  const start = event('start_record', params, { at })
  if (status === 'recording') return recordingAfter(start)
  const event_type = status === 'failed' ? 'faild' : 'success'
  const options = status === 'failed' ? 'disk full' : '[{"file":"a.mp4","size":7}]'
  return recordingAfter(
    start,
    event('record_transcoding_completion', { ...params, event_type, options }, { at: at + 1 }),
  )
}

/** An API with recordings, newest first, whose cursors are their positions. */
function apiWith(recordings: readonly ReturnType<typeof recordingAt>[]) {
  const rows = recordings.map(
    (recording, index): ListedRecording => ({ room_id: 'R', recording, cursor: String(index + 1) }),
  )
  return createApi({
    async listRecordings({ limit, cursor, period }) {
      const start = Number(cursor ?? 0)
      const inPeriod = rows.filter(({ recording }) => isWithin(recording.start_instant ?? 0, period))
      const left = inPeriod.filter((row) => Number(row.cursor) > start)
      return { items: left.slice(0, limit), cursor: left.length > limit ? (left[limit - 1]?.cursor ?? null) : null }
    },
    listRecordingsOfRoom: async () => rows.toReversed(),
  })
}

type Body = { readonly items: readonly { readonly exporter_id: string }[]; readonly cursor: string | null }

async function readAll({ get }: ReturnType<typeof createApi>, query: string) {
  const found: string[] = []
  let pages = 0
  let cursor: string | null = ''
  while (cursor !== null) {
    const body = (await get('/api/recordings', `${query}&cursor=${cursor}`)).body as Body
    found.push(...body.items.map(({ exporter_id }) => exporter_id))
    cursor = body.cursor
    pages++
  }
  return { found, pages }
}

describe('the filters of /api/recordings', () => {
  it('find each recording with the status in the interval once, newest first, on pages of any size', async () => {
    const anyStatuses = fc.array(fc.constantFrom('recording', 'ready', 'failed'), { maxLength: 30 })
    const anyStatus = fc.option(fc.constantFrom('recording', 'ready', 'failed', 'stuck'))
    const minute = fc.integer({ min: 0, max: 29 })
    await fc.assert(
      fc.asyncProperty(
        anyStatuses,
        anyStatus,
        fc.tuple(minute, minute),
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom('', '&room_id=R'),
        async (statuses, status, [from, length], limit, room) => {
          const all = statuses.map((each, index) => ({ minute: index, status: each }))
          const api = apiWith(all.map((each) => recordingAt(each.minute, each.status)).reverse())
          const isoMinute = (minutes: number) => isoAfterNoon(minutes * 60_000)
          const interval = `from=${isoMinute(from)}&to=${isoMinute(from + length + 1)}`
          const { found } = await readAll(
            api,
            `${interval}&limit=${limit}${status === null ? '' : `&status=${status}`}${room}`,
          )
          const wanted = all
            .filter((each) => status === null || each.status === status)
            .filter((each) => each.minute >= from && each.minute <= from + length)
          expect(found).toEqual(wanted.map((each) => `E${each.minute}`).reverse())
        },
      ),
      { numRuns: 100 },
    )
  })

  it('read many recordings for a page with few of them', async () => {
    const statuses = Array.from({ length: 1000 }, (_, index) =>
      index === 1 ? ('failed' as const) : ('ready' as const),
    )
    const api = apiWith(statuses.map((status, index) => recordingAt(index, status)).reverse())
    expect(await readAll(api, 'status=failed&limit=1')).toEqual({ found: ['E1'], pages: 3 })
  })
})

describe('a recording', () => {
  const present = async (...events: readonly NorthboundEvent[]) => {
    const { get } = apiWith([recordingAfter(...events)])
    return ((await get('/api/recordings', 'room_id=R')).body as { items: object[] }).items[0]
  }

  it('has the time of a failed start, which has no start_time', async () => {
    const failed = event('start_record', { event_type: 'faild', options: 'disk full' }, { at: noon })
    expect(await present(failed)).toMatchObject({ status: 'failed', started_at: isoAfterNoon(0), reason: 'disk full' })
    const params = { event_type: 'success', start_time: String(noon / 1000 - 60) }
    const completed = event('record_transcoding_completion', params, { at: noon + 1 })
    expect(await present(failed, completed)).toMatchObject({ status: 'ready', started_at: isoAfterNoon(-60_000) })
  })

  it('without a known start is sorted by its first event, in the list of its room and on the page of the room', async () => {
    const lost = recordingAfter(
      event('record_transcoding_completion', { exporter_id: 'LOST', event_type: 'success' }, { at: noon + 90_000 }),
    )
    const rows = [recordingAt(1, 'ready'), lost, recordingAt(2, 'ready')].map((recording) => ({
      room_id: 'R',
      recording,
    }))
    const [expected, exporterIds] = [
      ['E2', 'LOST', 'E1'],
      (all: readonly { exporter_id: string }[]) => all.map((each) => each.exporter_id),
    ]
    const { get } = createApi({
      listRecordingsOfRoom: async () => rows,
      readRoom: async () => ({
        ...roomDetailsAfter([event('open')]),
        recordings: rows.map(({ recording }) => recording),
      }),
    })
    const list = (await get('/api/recordings', 'room_id=R')).body as { items: { exporter_id: string }[] }
    expect(exporterIds(list.items)).toEqual(expected)
    const page = (await get('/api/room', 'room_id=R')).body as { recordings: { exporter_id: string }[] }
    expect(exporterIds(page.recordings)).toEqual(expected)
  })

  it('has the names of its files in CSV, safe for spreadsheets', async () => {
    const api = apiWith([recordingAt(1, 'ready'), recordingAt(0, 'failed')])
    const { body } = await api.getRaw('/api/recordings', 'format=csv')
    expect(body?.split('\r\n')).toEqual([
      '\u{FEFF}room_id,exporter_id,exporter_type,status,started_at,stopped_at,ready_at,files,reason',
      expect.stringMatching(/^R,E1,,ready,2024-11-24T12:01:00.000Z,,2024-11-24T12:01:00.001Z,a.mp4,$/),
      expect.stringMatching(/^R,E0,,failed,2024-11-24T12:00:00.000Z,,,,disk full$/),
      '',
    ])
  })
})

describe('listFiles', () => {
  it.each<[files: string | null, listed: ReturnType<typeof listFiles>]>([
    [null, []],
    ['', []],
    ['[]', []],
    ['7', []],
    [
      '["a.mp4","b.mp4"]',
      [
        { name: 'a.mp4', size: null },
        { name: 'b.mp4', size: null },
      ],
    ],
    ['[{"file":"a.mp4"}]', [{ name: 'a.mp4', size: null }]],
    ['{"file_name":"a.mp4","fileSize":"12"}', [{ name: 'a.mp4', size: 12 }]],
    ['{"total":1,"files":[{"url":"https://h/p/a.mp4?sign=1/2","size":12}]}', [{ name: 'a.mp4', size: 12 }]],
    [
      '["https://h/p/%E8%AF%BE%20%281%29.mp4", "https://h/100%.mp4"]',
      [
        { name: '课 (1).mp4', size: null },
        { name: '100%.mp4', size: null },
      ],
    ],
    ['["%41.mp4"]', [{ name: '%41.mp4', size: null }]],
    ['[{"path":"/data/a.mp4","size":-1},{"other":1}]', [{ name: 'a.mp4', size: null }]],
    [
      'C:\\rec\\a.mp4; b.mp4',
      [
        { name: 'a.mp4', size: null },
        { name: 'b.mp4', size: null },
      ],
    ],
    ['[[[["deep"]]]]', []],
    ['[[["deep"]]]', [{ name: 'deep', size: null }]],
    ['[[[[["too deep"]]]]]', []],
    ['{"a":{"b":{"c":[{"name":"too deep"}]}}}', []],
    ['{"list":{"a.mp4":{"name":"a.mp4"}},"other":"b.mp4"}', [{ name: 'a.mp4', size: null }]],
    ['[null,true,{"name":"","path":7,"url":"a.mp4"}]', [{ name: 'a.mp4', size: null }]],
    [
      '[{"name":"a.mp4","size":"12 MB"},{"name":"b.mp4","size":"x12"}]',
      [
        { name: 'a.mp4', size: null },
        { name: 'b.mp4', size: null },
      ],
    ],
    [
      '[{"name":"a.mp4","size":0},{"name":"b.mp4","size":1.5}]',
      [
        { name: 'a.mp4', size: 0 },
        { name: 'b.mp4', size: null },
      ],
    ],
    ['[{"name":"a.mp4","size":true,"bytes":9}]', [{ name: 'a.mp4', size: 9 }]],
    [
      '["HTTP://h/a%20b.mp4?sign=1#part","xhttp:/a%20b.mp4?1","/rec/"]',
      [
        { name: 'a b.mp4', size: null },
        { name: 'a%20b.mp4?1', size: null },
        { name: 'rec', size: null },
      ],
    ],
    ['["https://h/a.mp4?x=1\\ny"]', [{ name: 'a.mp4', size: null }]],
  ])('finds the files in %j', (files, listed) => {
    expect(listFiles(files)).toEqual(listed)
  })

  it('limits the number of files and the length of their names', () => {
    const listed = listFiles(JSON.stringify(Array.from({ length: 1001 }, () => 'x'.repeat(256))))
    expect([listed.length, listed[0]?.name.length]).toEqual([1000, 255])
    expect(listFiles(Array.from({ length: 1001 }, () => 'a.mp4').join('\n'))).toHaveLength(1000)
  })
})
