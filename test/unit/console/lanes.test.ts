import { describe, expect, it } from 'vitest'
import type { ApiRecording, ApiTimeline } from '../../../console/api-types.ts'
import { buildLanes } from '../../../console/timeline/lanes.ts'

const at = (second: number) => new Date(second * 1000).toISOString()

const timeline: ApiTimeline = {
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
        marks: [20_000],
      },
    ])
  })

  it('shows a recording as running only while it runs, and one that failed as a mark', () => {
    const [lane] = buildLanes(timeline, [
      recording({ status: 'recording', started_at: at(5) }),
      recording({ status: 'ready', started_at: at(6), ready_at: at(9) }),
      recording({ status: 'failed', started_at: at(10) }),
      recording({ status: 'stuck', started_at: at(11) }),
      recording({ status: 'failed' }),
    ])
    expect(lane).toMatchObject({
      person: undefined,
      bars: [
        { kind: 'recording', from: 5000, to: 100_000, goesOn: true },
        { kind: 'recording', from: 6000, to: 9000, goesOn: false },
      ],
      marks: [10_000, 11_000],
    })
  })
})
