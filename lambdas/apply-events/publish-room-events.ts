import pMap from 'p-map'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { streamOf } from '../../core/state/aggregate.ts'
import { asError } from '../as-error.ts'
import { orAbort } from '../deadline.ts'
import type { BatchResult } from './apply-batch.ts'
import type { PublishDependencies } from './dependencies.ts'
import { type OutgoingMessage, type Replayed, replayCloses, replayEvents, toOutgoing } from './replay-ends.ts'
import { toSessionEndedMessages } from './session-ended-messages.ts'

const replayConcurrency = 8

type Publishable = Pick<BatchResult, 'appliedEvents' | 'closeEnds'>
type Fail = (causes: readonly NorthboundEvent[], error: unknown) => void

/**
 * Publishes the applied events, and the sessions that closes ended, to the room-event topic.
 *
 * @returns errors by event of the batch.
 */
export async function publishRoomEvents(
  dependencies: PublishDependencies,
  publishable: Publishable,
  signal: AbortSignal,
): Promise<ReadonlyMap<NorthboundEvent, Error>> {
  const failures = new Map<NorthboundEvent, Error>()
  const fail: Fail = (causes, error) => {
    for (const event of causes) failures.set(event, asError(error))
  }
  const outgoing = mergeById(await collectMessages(dependencies, publishable, fail, signal))
  if (outgoing.length === 0) return failures
  const causesOf = new Map(outgoing.map(({ message, causes }) => [message, causes]))
  try {
    const published = dependencies.roomEvents.publish([...causesOf.keys()], signal)
    for (const [message, error] of await orAbort(published, signal)) fail(causesOf.get(message) ?? [], error)
  } catch (error) {
    for (const causes of causesOf.values()) fail(causes, error)
  }
  return failures
}

/** Messages that the history shows come last: it includes what was applied since. */
async function collectMessages(
  dependencies: PublishDependencies,
  { appliedEvents, closeEnds }: Publishable,
  fail: Fail,
  signal: AbortSignal,
): Promise<OutgoingMessage[]> {
  const known = appliedEvents.flatMap(({ event, step, causes }) =>
    step === undefined ? [] : [toOutgoing(event, step, causes)],
  )
  const replayed = await replay(dependencies, { appliedEvents, closeEnds }, fail, signal)
  const knownEnds = [...closeEnds.filter(({ change }) => change !== undefined), ...replayed.closeEnds]
  const events = appliedEvents.map(({ event }) => event)
  const sessionEnded = await toSessionEndedMessages(dependencies.log, knownEnds, events, signal).catch((error) => {
    for (const { causes } of knownEnds) fail(causes, error)
    return []
  })
  return [...known, ...replayed.outgoing, ...sessionEnded]
}

/** Reads the histories of the participants whose steps are not known. */
async function replay(
  dependencies: PublishDependencies,
  { appliedEvents, closeEnds }: Publishable,
  fail: Fail,
  signal: AbortSignal,
): Promise<Replayed> {
  const appliedEarlier = appliedEvents.filter(({ step }) => step === undefined)
  const unknownEnds = closeEnds.filter(({ change }) => change === undefined)
  const tasks = [
    ...Map.groupBy(appliedEarlier, ({ projection }) => projection)
      .values()
      .map((events) => ({ concerned: events, run: () => replayEvents(dependencies, events, signal) })),
    ...Map.groupBy(unknownEnds, ({ participant }) => streamOf(participant))
      .values()
      .map((ends) => ({ concerned: ends, run: () => replayCloses(dependencies, ends, signal) })),
  ]
  const results = await pMap(
    tasks,
    ({ concerned, run }) =>
      run().catch((error: unknown): Replayed => {
        for (const { causes } of concerned) fail(causes, error)
        return { outgoing: [], closeEnds: [] }
      }),
    { concurrency: replayConcurrency },
  )
  return {
    outgoing: results.flatMap(({ outgoing }) => outgoing),
    closeEnds: results.flatMap((result) => result.closeEnds),
  }
}

/** Keeps one message for each `id`, the last, with the causes of all of them. */
function mergeById(outgoing: readonly OutgoingMessage[]): OutgoingMessage[] {
  const merged = new Map<string, OutgoingMessage>()
  for (const { message, causes } of outgoing) {
    const other = merged.get(message.body.id)
    merged.set(message.body.id, { message, causes: [...(other?.causes ?? []), ...causes] })
  }
  return [...merged.values()]
}
