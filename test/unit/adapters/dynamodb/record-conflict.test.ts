import { describe, expect, it } from 'vitest'
import { toEventItem } from '../../../../adapters/dynamodb/event-item.ts'
import { toConflictItem } from '../../../../adapters/dynamodb/record-conflict.ts'
import { toConflict } from '../../../../core/state/conflict.ts'
import { event } from '../../../support/events.ts'

describe('toConflictItem', () => {
  const retentionDays = 30
  const join = event('join', {}, { at: 1_700_000_000_000, trace: 'shared' })
  const leaveAt = (at: number) => event('leave', {}, { at, trace: 'shared' })

  it.each([
    ['precedes the event', -1, 'trace_id reused with different content'],
    [
      'comes after the event, so that a late request does not bring the conflict back',
      1,
      'withdrawn: the event counts',
    ],
  ])('returns an item that stays as long as the event if the other event %s', (_, distance, quarantined) => {
    const conflict = toConflict(join, leaveAt(join.received_at + distance))
    const { expires_at } = toEventItem(join, retentionDays)
    expect(toConflictItem(join, conflict, retentionDays)).toMatchObject({ quarantined, expires_at })
  })
})
