import { presentRecording } from '../../core/presentation/recording-presenter.ts'
import { presentUserSession } from '../../core/presentation/session-presenter.ts'
import { isPastSession } from '../../core/projection/past-entries.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import {
  type AggregateId,
  aggregateOf,
  isRecurring,
  type StatefulAggregateId,
  streamOf,
} from '../../core/state/aggregate.ts'
import { latestRecording } from '../../core/state/exporter.ts'
import type { State } from '../../core/state/fold.ts'
import { isPresent } from '../../core/state/participant.ts'
import { applyBatch } from '../../lambdas/apply-events/apply-batch.ts'
import { presentBox, presentRoom, presentRoomDetails } from '../../lambdas/query-api/presenters.ts'
import { memoryDependencies, unlimited } from './apply.ts'

const minute = 60_000
const context = { timeZone: 'Asia/Shanghai', now: 0 }
const rules = { alertWindowMs: 10 * minute, retentionDays: 400, timeZone: 'Asia/Shanghai' }

/** Applies batches of events, and reads the state as the query API shows it. */
export async function applyAndShow(batches: readonly (readonly NorthboundEvent[])[]) {
  const dependencies = { ...memoryDependencies(), rules }
  for (const batch of batches) await applyBatch(dependencies, batch, unlimited)
  const aggregates = listAggregates(batches.flat())
  const projections = await dependencies.store.read(aggregates)
  const past = await Promise.all(
    aggregates.map(async (aggregate) => {
      const entries = isRecurring(aggregate) ? await dependencies.store.readPastEntries(aggregate, 0) : []
      return entries.map((entry) => ({ aggregate, entry }))
    }),
  )
  const states = projections.flatMap(({ aggregate, state }) => (state === undefined ? [] : [{ aggregate, state }]))
  return {
    rooms: showRooms(states),
    participants: showParticipants(states),
    sessions: [
      ...states.flatMap(({ aggregate, state }) => {
        if (aggregate.kind !== 'participant' || state.kind !== 'participant' || state.session === null) return []
        return presentUserSession({ ...aggregate, user_name: state.user_name, session: state.session })
      }),
      ...past.flat().flatMap(({ aggregate, entry }) => {
        if (aggregate.kind !== 'participant' || !isPastSession(entry)) return []
        return presentUserSession({ ...aggregate, user_name: entry.user_name, session: entry })
      }),
    ],
    recordings: [
      ...states.flatMap(({ aggregate, state }) => {
        if (aggregate.kind !== 'recording' || state.kind !== 'recording') return []
        return presentRecording({ room_id: aggregate.room_id, recording: latestRecording(state) }, null, context)
      }),
      ...past.flat().flatMap(({ aggregate, entry }) => {
        if (aggregate.kind !== 'recording' || isPastSession(entry)) return []
        return presentRecording({ room_id: aggregate.room_id, recording: entry }, null, context)
      }),
    ],
    boxes: states.flatMap(({ aggregate, state }) =>
      aggregate.kind === 'box' && state.kind === 'box'
        ? presentBox({ box_code: aggregate.box_code, state }, 0, rules)
        : [],
    ),
  }
}

type Stored = { readonly aggregate: AggregateId; readonly state: State }

function listAggregates(events: readonly NorthboundEvent[]): StatefulAggregateId[] {
  const aggregates = new Map<string, AggregateId>()
  for (const aggregate of events.map(aggregateOf)) {
    aggregates.set(streamOf(aggregate), aggregate)
    // People in a room imply a state of the room, even if it has no events.
    if (aggregate.kind !== 'participant') continue
    const room = { kind: 'room', room_id: aggregate.room_id } as const
    aggregates.set(streamOf(room), room)
  }
  return [...aggregates.values()].filter((aggregate) => aggregate.kind !== 'other')
}

function showRooms(states: readonly Stored[]) {
  return states.flatMap(({ aggregate, state }) => {
    if (aggregate.kind !== 'room' || state.kind !== 'room') return []
    return presentRoom({ room_id: aggregate.room_id, state, joined: listJoined(states, aggregate.room_id) })
  })
}

function showParticipants(states: readonly Stored[]) {
  return states.flatMap(({ aggregate, state }) => {
    if (aggregate.kind !== 'participant' || state.kind !== 'participant' || state.session === null) return []
    const { room_id, user_id } = aggregate
    const details = { room: undefined, joined: [], participants: [{ user_id, state }], recordings: [], cursor: null }
    const { participants } = presentRoomDetails(room_id, details, context)
    return participants.map((participant) => ({ room_id, ...participant }))
  })
}

function listJoined(states: readonly Stored[], room_id: string): number[] {
  return states.flatMap(({ aggregate, state }) => {
    if (aggregate.kind !== 'participant' || aggregate.room_id !== room_id || state.kind !== 'participant') return []
    return isPresent(state) && state.session !== null ? [state.session.joined_at] : []
  })
}
