import pMap from 'p-map'
import { toRoomEvent } from '../../core/notifications/room-event.ts'
import type { RoomEventMessage } from '../../core/ports/topics.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { asError } from '../as-error.ts'
import { orAbort } from '../deadline.ts'
import type { AppliedEvent } from './apply-batch.ts'
import type { PublishDependencies } from './dependencies.ts'
import { replayHistory } from './update-projection.ts'

const replayConcurrency = 8

/** Publishes the applied events to the room-event topic. @returns errors by event of the batch. */
export async function publishRoomEvents(
  dependencies: PublishDependencies,
  appliedEvents: readonly AppliedEvent[],
  signal: AbortSignal,
): Promise<ReadonlyMap<NorthboundEvent, Error>> {
  const failures = new Map<NorthboundEvent, Error>()
  const fail = ({ causes }: AppliedEvent, error: unknown) => {
    for (const event of causes) failures.set(event, asError(error))
  }
  const messages = new Map<RoomEventMessage, AppliedEvent>()
  await pMap(
    Map.groupBy(appliedEvents, ({ projection }) => projection).values(),
    async (ofAggregate) => {
      for (const applied of ofAggregate) if (applied.step !== undefined) messages.set(toMessage(applied), applied)
      const appliedEarlier = ofAggregate.filter(({ step }) => step === undefined)
      try {
        for (const applied of await addSteps(dependencies, appliedEarlier, signal))
          messages.set(toMessage(applied), applied)
      } catch (error) {
        for (const applied of appliedEarlier) fail(applied, error)
      }
    },
    { concurrency: replayConcurrency },
  )
  if (messages.size === 0) return failures
  try {
    const published = dependencies.roomEvents.publish([...messages.keys()], signal)
    for (const [message, error] of await orAbort(published, signal)) {
      const applied = messages.get(message)
      if (applied !== undefined) fail(applied, error)
    }
  } catch (error) {
    for (const applied of messages.values()) fail(applied, error)
  }
  return failures
}

/**
 * Determines the steps of events that were applied earlier, and the leaves that they changed, from the history of their
 * participant. The history is read once, because all events of a redelivered batch may belong to one participant.
 */
async function addSteps(
  dependencies: PublishDependencies,
  appliedEarlier: readonly AppliedEvent[],
  signal: AbortSignal,
): Promise<readonly AppliedEvent[]> {
  const [first] = appliedEarlier
  if (first?.projection.aggregate.kind !== 'participant') return appliedEarlier
  const { projection } = first
  const events = appliedEarlier.map(({ event }) => event)
  const { steps, changedLeaves } = await replayHistory(dependencies, projection, events, signal)
  const causes = appliedEarlier.flatMap((applied) => applied.causes)
  return [
    ...appliedEarlier.map((applied) => ({
      ...applied,
      step: steps.find(({ event }) => event?.trace_id === applied.event.trace_id),
    })),
    ...changedLeaves.flatMap((step) =>
      step.event === undefined ? [] : [{ event: step.event, step, projection, causes }],
    ),
  ]
}

function toMessage({ event, step }: AppliedEvent): RoomEventMessage {
  return { body: toRoomEvent(event, step), room_id: 'room_id' in event.data ? event.data.room_id : undefined }
}
