import { describe, expect, it } from 'vitest'
import { describeDifference } from '../../../../cli/rebuild/describe-difference.ts'
import type { ReportedContent } from '../../../../core/projection/rebuild-response.ts'
import type { StatefulAggregateId } from '../../../../core/state/aggregate.ts'
import type { State } from '../../../../core/state/fold.ts'
import { initialState } from '../../../../core/state/participant-state.ts'
import { unusedRoom } from '../../../../core/state/room.ts'

const participant = { kind: 'participant', room_id: 'R', user_id: 'U' } as const
const session = { joined_at: 0, start_estimated: false, endpoint_type: null, reconnects: 0, end: null }
const present = { ...initialState, session }
const left = { ...present, session: { ...session, end: { at: 60_000, reason: 'normal', estimated: false } } }
const of = (state: State | null, fold_version = 1): ReportedContent => ({ fold_version, state, past_entries: [] })

function describeIn(
  language: 'en' | 'zh',
  aggregate: StatefulAggregateId,
  stored: ReportedContent,
  folded: ReportedContent,
) {
  return describeDifference({ language }, { aggregate, stored, folded })
}

describe('describeDifference', () => {
  it('says what the state says and what the log says about a participant', () => {
    expect(describeIn('en', participant, of(present), of(left))).toEqual([
      'user U in room R',
      '  the state says: present since 1970-01-01T00:00:00.000Z',
      '  the log says:   present from 1970-01-01T00:00:00.000Z to 1970-01-01T00:01:00.000Z (left)',
    ])
    expect(describeIn('zh', participant, of(null), of(present))).toEqual([
      '房间 R 中的用户 U',
      '  状态：无记录',
      '  日志：自 1970-01-01T00:00:00.000Z 起在线',
    ])
  })

  it('says whether a room is open', () => {
    const open = { ...unusedRoom, status: 'open', opened_at: 0 } as const
    const closed = { ...open, status: 'closed', closed_at: 1 } as const
    expect(describeIn('en', { kind: 'room', room_id: 'R' }, of(open), of(closed))).toEqual([
      'room R',
      '  the state says: open since 1970-01-01T00:00:00.000Z',
      '  the log says:   closed at 1970-01-01T00:00:00.001Z',
    ])
  })

  it('names what differs if the words are the same', () => {
    const other = { ...present, user_name: 'Ann' }
    expect(describeIn('en', participant, of(present), of(other))[3]).toBe('  they differ in user_name')
    expect(describeIn('en', participant, of(present, 1), of(present, 2))[3]).toBe(
      '  the state was folded by rules of version 1, now 2',
    )
  })

  it('shows control characters of ids as escapes', () => {
    const hostile = { ...participant, room_id: 'R\n\u001b[2J' }
    expect(describeIn('en', hostile, of(null), of(present))[0]).toBe('user U in room R\\n\\u001b[2J')
  })

  it('states the size of what is too large for the response', () => {
    const lines = describeIn('en', { kind: 'box', box_code: 'B' }, { omitted_bytes: 30_000 }, of(null))
    expect(lines.slice(0, 2)).toEqual(['media server B', '  the state says: too large to show (30000 bytes)'])
  })
})
