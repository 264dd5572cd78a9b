import { describe, expect, it } from 'vitest'
import type { ApiRecording, ApiTimeline } from '../../../console/api-types.ts'
import { buildLanes } from '../../../console/timeline/lanes.ts'

const at = (second: number) => new Date(second * 1000).toISOString()

const timeline: ApiTimeline = {
  room_id: 'r',
  from: at(0),
  to: at(100),
  people: [
    {
      user_id: 'u1',
      user_name: 'Ann',
      sessions: [
        { joined_at: at(1), left_at: at(50), leave_reason: 'normal', endpoint_type: null, estimated: false },
        { joined_at: at(60), left_at: null, leave_reason: null, endpoint_type: null, estimated: true },
      ],
      streams: [
        { stream_type: 'audio', from: at(2), to: at(40) },
        { stream_type: 'hologram', from: at(61), to: null },
      ],
      reconnected_at: [at(20)],
    },
  ],
  media_known_until: null,
}

const recording = (times: Partial<ApiRecording>): ApiRecording => ({
  room_id: 'r',
  exporter_id: null,
  exporter_type: null,
  status: 'stopped',
  started_at: null,
  stopped_at: null,
  ready_at: null,
  files: null,
  file_list: [],
  reason: null,
  ...times,
})

describe('buildLanes', () => {
  it('has one lane per person, whose open bars go on until the end of the timeline', () => {
    expect(buildLanes(timeline, [])).toEqual([
      {
        key: 'person u1',
        person: { user_id: 'u1', user_name: 'Ann' },
        bars: [
          { kind: 'session', from: 1000, to: 50_000, goesOn: false },
          { kind: 'session estimated', from: 60_000, to: 100_000, goesOn: true },
          { kind: 'audio', from: 2000, to: 40_000, goesOn: false },
          { kind: 'other', from: 61_000, to: 100_000, goesOn: true },
        ],
        marks: [{ kind: 'reconnect', at: 20_000 }],
      },
    ])
  })

  it('draws streams only as far as they are known', () => {
    const [lane] = buildLanes({ ...timeline, media_known_until: at(70) }, [])
    expect(lane?.bars.map(({ kind, to }) => [kind, to])).toEqual([
      ['session', 50_000],
      ['session estimated', 100_000],
      ['audio', 40_000],
      ['other', 70_000],
    ])
  })

  it('shows a recording as running only while it runs, and as a moment if it failed or its stop is not known', () => {
    const lanes = buildLanes(timeline, [
      recording({ status: 'recording', started_at: at(50), exporter_type: 'mp4', exporter_id: 'x1' }),
      recording({ status: 'ready', started_at: at(6), ready_at: at(9) }),
      recording({ status: 'failed', started_at: at(10) }),
      recording({ status: 'stuck', started_at: at(11) }),
      recording({ status: 'failed' }),
    ])
    expect(lanes).toHaveLength(2)
    expect(lanes[0]).toEqual({
      key: 'recordings 0',
      person: undefined,
      bars: [{ kind: 'recording', from: 50_000, to: 100_000, goesOn: true, exporter: 'mp4 x1' }],
      marks: [
        { kind: 'end-unknown', at: 6000 },
        { kind: 'failed', at: 10_000 },
        { kind: 'end-unknown', at: 11_000 },
      ],
    })
  })

  it('puts recordings that overlap into rows of their own', () => {
    const record = (exporter_id: string, from: number, to: number) =>
      recording({ exporter_id, started_at: at(from), stopped_at: at(to) })
    const lanes = buildLanes({ ...timeline, people: [] }, [
      record('b', 10, 40),
      record('a', 0, 30),
      record('c', 20, 25),
      record('a', 30, 50),
      record('b', 60, 70),
    ])
    expect(lanes.map(({ bars }) => bars.map(({ exporter, from }) => [exporter, from / 1000]))).toEqual([
      [
        ['a', 0],
        ['a', 30],
        ['b', 60],
      ],
      [['b', 10]],
      [['c', 20]],
    ])
  })
})
