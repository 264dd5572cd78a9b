import pMap from 'p-map'
import type { Alert } from '../../core/notifications/alert.ts'
import { findPendingAlert, type PendingAlert, removePending } from '../../core/notifications/alert-outbox.ts'
import { isWarning, portCheckAlert } from '../../core/notifications/port-check.ts'
import { type RoomEvent, toRoomEvent } from '../../core/notifications/room-event.ts'
import type { Projection } from '../../core/projection/projection.ts'
import { recentlySeenAt } from '../../core/projection/recent-events.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import type { Step } from '../../core/state/fold.ts'
import { asError } from './append-events.ts'
import type { AppliedEvent } from './apply-batch.ts'
import { type Dependencies, stepsInHistory } from './update-projection.ts'

export interface AlertTopic {
  /** @throws where the topic did not take it. */
  publish(alert: Alert): Promise<void>
}

/** A message with what subscribers may filter by. */
export type RoomEventMessage = {
  readonly body: RoomEvent
  readonly room_id: string | undefined
}

export interface RoomEventTopic {
  /** @returns what went wrong, by message; nothing for those that the topic took. Never throws. */
  publish(messages: readonly RoomEventMessage[]): Promise<ReadonlyMap<RoomEventMessage, Error>>
}

export type PublishDependencies = Dependencies & {
  readonly alerts: AlertTopic
  readonly roomEvents: RoomEventTopic
  /** IANA zone of those who read alerts. */
  readonly timeZone: string
}

export type PublishResult = {
  /** Events that somebody was not told of: their messages are to be tried again. */
  readonly failures: ReadonlyMap<NorthboundEvent, Error>
  /** Warnings for which an alert was due, and whether it went out. All others are suppressed. */
  readonly alerts: ReadonlyMap<NorthboundEvent, 'sent' | 'unsent'>
}

const publishConcurrency = 8
const attempts = 10
/** Of the function's minute, for as long alerts are begun; one takes up to 15 s where SNS does not answer. */
const alertingMs = 20_000

/**
 * Tells people and programs what was applied, at least once: after a crash, or where a topic did not take it, the
 * message of the event comes again and so does this.
 *
 * A copy that the platform sent is not told again. It is known by its time of receipt: the message of the event that
 * counts has the time that the log has, however often the queue delivers it.
 */
export async function publishApplied(
  dependencies: PublishDependencies,
  news: readonly AppliedEvent[],
): Promise<PublishResult> {
  const counting = news.filter(isTheOneThatCounts)
  const [alerts, roomEvents] = await Promise.all([
    sendAlerts(dependencies, counting),
    publishRoomEvents(dependencies, counting),
  ])
  return { alerts: alerts.alerts, failures: new Map([...roomEvents, ...alerts.failures]) }
}

function isTheOneThatCounts({ event, step, projection }: AppliedEvent): boolean {
  const countsFrom = step?.event?.received_at ?? recentlySeenAt(projection.recentEvents, event)
  return countsFrom === undefined || countsFrom === event.received_at
}

/** Alerts that are due; each is sent by whoever has the message of its warning. */
async function sendAlerts(dependencies: PublishDependencies, news: readonly AppliedEvent[]): Promise<PublishResult> {
  const failures = new Map<NorthboundEvent, Error>()
  const alerts = new Map<NorthboundEvent, 'sent' | 'unsent'>()
  const deadline = performance.now() + alertingMs
  const send = async ({
    event,
    projection,
  }: AppliedEvent): Promise<{ projection: Projection; due: PendingAlert } | undefined> => {
    const due = findPendingAlert(projection.alertOutbox, event)
    if (due === undefined || !isWarning(event)) return undefined
    alerts.set(event, 'unsent')
    if (performance.now() > deadline) throw new Error('no time was left to send the alert')
    await dependencies.alerts.publish(portCheckAlert(event, due.suppressed, dependencies.timeZone))
    alerts.set(event, 'sent')
    return { projection, due }
  }
  const sent = await pMap(
    news.filter(({ projection }) => projection.aggregate.kind === 'box'),
    (warning) => send(warning).catch((error: unknown) => void failures.set(warning.event, asError(error))),
    { concurrency: publishConcurrency },
  )
  const byBox = Map.groupBy(
    sent.filter((one) => one !== undefined),
    ({ projection }) => projection,
  )
  for (const [projection, done] of byBox) {
    await markSent(
      dependencies,
      projection,
      done.map(({ due }) => due),
    ).catch((error: unknown) => {
      for (const { event, projection: other } of news) if (other === projection) failures.set(event, asError(error))
    })
  }
  return { failures, alerts }
}

/** Takes the alerts off what is due. @throws where the store fails: then they are sent again. */
async function markSent({ store }: Dependencies, projection: Projection, sent: readonly PendingAlert[]): Promise<void> {
  let current = projection
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (current.alertOutbox === null) return
    const alertOutbox = removePending(current.alertOutbox, sent)
    if (alertOutbox.due.length === current.alertOutbox.due.length) return
    if ((await store.write({ ...current, alertOutbox })) === 'written') return
    const [stored] = await store.read([projection.aggregate])
    current = stored ?? projection
  }
  throw new Error(
    `the projection of ${JSON.stringify(projection.aggregate)} changed ${attempts} times while alerts were marked sent`,
  )
}

async function publishRoomEvents(
  dependencies: PublishDependencies,
  news: readonly AppliedEvent[],
): Promise<ReadonlyMap<NorthboundEvent, Error>> {
  const failures = new Map<NorthboundEvent, Error>()
  const fail = ({ because }: AppliedEvent, error: unknown) => {
    for (const event of because) failures.set(event, asError(error))
  }
  const messages = new Map<RoomEventMessage, AppliedEvent>()
  await pMap(
    Map.groupBy(news, ({ projection }) => projection).values(),
    async (ofOne) => {
      const known = ofOne.filter(({ step }) => step !== undefined)
      for (const told of known) messages.set(messageOf(told), told)
      const before = ofOne.filter(({ step }) => step === undefined)
      try {
        for (const told of await withTheirSteps(dependencies, before)) messages.set(messageOf(told), told)
      } catch (error) {
        for (const applied of before) fail(applied, error)
      }
    },
    { concurrency: publishConcurrency },
  )
  if (messages.size === 0) return failures
  for (const [message, error] of await dependencies.roomEvents.publish([...messages.keys()])) {
    const applied = messages.get(message)
    if (applied !== undefined) fail(applied, error)
  }
  return failures
}

/**
 * Events of one aggregate that were folded before have what they did, and the leaves that they changed, from its history:
 * read once, for a redelivered batch may be all about one person.
 */
async function withTheirSteps(
  dependencies: Dependencies,
  before: readonly AppliedEvent[],
): Promise<readonly AppliedEvent[]> {
  const [first] = before
  if (first?.projection.aggregate.kind !== 'participant') return before
  const { projection } = first
  const events = before.map(({ event }) => event)
  const { steps, changed } = await stepsInHistory(dependencies, projection, events)
  const because = before.flatMap((one) => one.because)
  return [
    ...before.map((one) => ({ ...one, step: stepOf(one.event, steps) })),
    ...changed.flatMap((step) => (step.event === undefined ? [] : [{ event: step.event, step, projection, because }])),
  ]
}

function stepOf({ trace_id }: NorthboundEvent, steps: readonly Step[]): Step | undefined {
  return steps.find(({ event }) => event?.trace_id === trace_id)
}

function messageOf({ event, step }: AppliedEvent): RoomEventMessage {
  return { body: toRoomEvent(event, step), room_id: 'room_id' in event.data ? event.data.room_id : undefined }
}
