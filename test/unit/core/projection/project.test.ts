import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ProjectionUpdate } from '../../../../core/projection/fold-into.ts'
import { mayHaveApplied, type ProjectionInput, project, rebuild } from '../../../../core/projection/project.ts'
import { emptyProjection, type Projection } from '../../../../core/projection/projection.ts'
import type { NorthboundEvent } from '../../../../core/protocol/events.ts'
import { type AggregateId, aggregateOf, streamOf } from '../../../../core/state/aggregate.ts'
import { type CloseMark, closesOf, noCloses } from '../../../../core/state/closes.ts'
import { foldSteps, historyOf } from '../../../../core/state/fold.ts'
import { foldVersion, unknownFoldVersion } from '../../../../core/state/fold-version.ts'
import { orderKey } from '../../../../core/state/order.ts'
import { collectPastEntries, rules } from '../../../support/apply.ts'
import { anyDeliveries, event } from '../../../support/events.ts'

const participant: AggregateId = { kind: 'participant', room_id: 'R', user_id: 'U' }
const join = event('join', {}, { at: 10 })
const publish = event('publish', { stream_id: 'S', stream_type: 'audio' }, { at: 20 })
const leave = event('leave', { event_type: 'normal' }, { at: 30 })

/** A history from the beginning of the stream. */
const whole = { base: 'beginning', events: [], closes: [], pastEntries: [], checkpoints: [] } as const

function inputOf(appended: readonly NorthboundEvent[], closes: readonly CloseMark[] = []): ProjectionInput {
  return { appended, unconfirmedDuplicates: [], closes: { closes, closes_cut: false } }
}

/** Builds the projection of a history that has been applied completely. */
function buildProjection(
  aggregate: AggregateId,
  events: readonly NorthboundEvent[],
  closes: readonly CloseMark[] = [],
) {
  const history = { ...whole, events, closes }
  return rebuild(emptyProjection(aggregate), history, inputOf(events, closes), rules).projection
}

describe('project', () => {
  const stored = buildProjection(participant, [join, publish])

  it('applies an event that is later than the watermark', () => {
    expect(project(stored, inputOf([leave]), rules)).toMatchObject({
      projection: { state: { session: { joined_at: 10, end: { at: 30 } }, streams: [] }, watermark: orderKey(leave) },
      steps: [{ event: leave }],
    })
  })

  it('returns needs_history for a late event', () => {
    const late = event('sub', { stream_id: 'T', stream_type: 'audio' }, { at: 15 })
    expect(project(stored, inputOf([late]), rules)).toBe('needs_history')
    expect(project(stored, inputOf([late, leave]), rules)).toBe('needs_history')
  })

  it('returns needs_history for an unconfirmed duplicate', () => {
    const input = { appended: [leave], unconfirmedDuplicates: [publish], closes: noCloses }
    expect(project(stored, input, rules)).toBe('needs_history')
  })

  it('returns needs_history if forceRebuild is set', () => {
    expect(project(stored, { ...inputOf([leave]), forceRebuild: true }, rules)).toBe('needs_history')
  })

  it('returns needs_history for a projection of another fold version', () => {
    for (const version of [unknownFoldVersion, foldVersion + 1])
      expect(project({ ...stored, foldVersion: version }, inputOf([leave]), rules)).toBe('needs_history')
  })

  it('returns needs_history if there is nothing to apply', () => {
    expect(project(stored, inputOf([]), rules)).toBe('needs_history')
  })

  it('applies later events to the same result as rebuild', () => {
    const events = [join, publish, leave, event('join', {}, { at: 40 })]
    const update = project(stored, inputOf(events.slice(2)), rules)
    expect(update).not.toBe('needs_history')
    expect(update).toEqual(likeContinued(rebuild(stored, { ...whole, events }, inputOf(events.slice(2)), rules)))
  })

  it('applies any later events to the same result as rebuild, unless it needs the history', () => {
    fc.assert(
      fc.property(anyDeliveries, fc.nat(), (deliveries, seed) => {
        for (const events of historiesByStream(deliveries).values()) {
          const split = seed % events.length
          const [earlier, later] = [events.slice(0, split), events.slice(split)]
          const aggregate = aggregateOf(events[0] ?? join)
          const closes = aggregate.kind === 'participant' ? closesOfRoom(deliveries, aggregate.room_id) : []
          const watermark = earlier.length === 0 ? '' : orderKey(earlier.at(-1) ?? join)
          const earlierCloses = closes.filter((close) => close.order <= watermark)
          const before = buildProjection(aggregate, earlier, earlierCloses)
          const pastEntries = collectPastEntries(foldSteps(undefined, earlier, earlierCloses, rules))
          const update = project(before, inputOf(later, closes), rules)
          if (update === 'needs_history') continue
          const rebuilt = rebuild(before, { ...whole, events, closes, pastEntries }, inputOf(later, closes), rules)
          // A rebuild does not know which closes the projection has not applied before.
          expect({ ...update, changedEnds: [] }).toEqual({ ...likeContinued(rebuilt), changedEnds: [] })
        }
      }),
    )
  })
})

describe('mayHaveApplied', () => {
  const stored = buildProjection(participant, [join])
  const apply = (projection: Projection, ...events: NorthboundEvent[]) => {
    const update = project(projection, inputOf(events), rules)
    if (update === 'needs_history') throw new Error('the events cannot be applied')
    return update.projection
  }

  it('is false if other events were applied', () => {
    expect(mayHaveApplied(stored, apply(stored, publish), [leave])).toBe(false)
  })

  it('is false for the first events of a participant', () => {
    const empty = emptyProjection(participant)
    expect(mayHaveApplied(empty, apply(empty, join), [publish])).toBe(false)
  })

  it('is true if one of the events was applied, also at another time', () => {
    expect(mayHaveApplied(stored, apply(stored, publish), [leave, { ...publish, received_at: 25 }])).toBe(true)
  })

  it('is true if the projection was folded again', () => {
    const events = [join, publish]
    const { projection } = rebuild(stored, { ...whole, events }, inputOf([publish]), rules)
    expect(mayHaveApplied(stored, projection, [leave])).toBe(true)
  })

  it('is true if so many events were applied that not all are known', () => {
    const updates = Array.from({ length: 40 }, (_, index) =>
      event('update', { user_name: `${index}` }, { at: 30 + index }),
    )
    for (const before of [stored, emptyProjection(participant)])
      expect(mayHaveApplied(before, apply(before, ...updates), [event('update', {}, { at: 99 })])).toBe(true)
  })
})

/** A rebuild counts itself, and is otherwise the same as continuing. */
function likeContinued(rebuilt: ProjectionUpdate): ProjectionUpdate {
  const { projection } = rebuilt
  return { ...rebuilt, projection: { ...projection, refolds: projection.refolds - 1 } }
}

function historiesByStream(deliveries: readonly NorthboundEvent[]): Map<string, NorthboundEvent[]> {
  const streams = Map.groupBy(deliveries, (delivery) => streamOf(aggregateOf(delivery)))
  return new Map(Array.from(streams, ([stream, events]) => [stream, historyOf(events)]))
}

function closesOfRoom(deliveries: readonly NorthboundEvent[], roomId: string): CloseMark[] {
  return closesOf(historiesByStream(deliveries).get(streamOf({ kind: 'room', room_id: roomId })) ?? [])
}
