import { setTimeout as sleep } from 'node:timers/promises'
import { type LocalRun, startLocal } from '../../local/run.ts'
import { eventsFailed } from '../../names/metrics.ts'
import { findMistakes, readStoredFacts, type StoredFacts } from '../recovery/check-outcome.ts'
import { type PublishedEvents, receivePublishedEvents } from '../recovery/published-events.ts'
import { type AnswerCounts, countAnswers, countLost, findCallbackMistakes } from './check-callbacks.ts'
import { startDirectEvents } from './direct-events.ts'
import { type AnsweredCallback, startMixedLoad } from './mixed-load.ts'
import { createLogFacts, type LogFacts } from './read-log.ts'
import { watchQueue } from './watch-queue.ts'

export type SecretOutage = {
  /** `cold`: no function has read the key when the outage begins. `warm`: the receiver has. */
  readonly start: 'cold' | 'warm'
  readonly seconds: number
}

export type SecretOutageOutcome = {
  /** What is wrong, one line each: a genuine callback was refused, lost or counts twice, or a forged one had an effect. */
  readonly mistakes: readonly string[]
  /** Genuine callbacks that were refused, or are not in the log exactly once. */
  readonly lost: number
  /** Seconds from the end of the outage until the last genuine event acknowledged before it was applied and published. */
  readonly drainSeconds: number
  /** Of the callbacks sent during the outage. */
  readonly answers: AnswerCounts
  /** Genuine callbacks sent during the outage. */
  readonly genuine: number
  /** Callbacks that the receiver queued unverified, and those of them that apply-events dropped. */
  readonly unverified: number
  readonly dropped: number
  /** Genuine events in the log, those from before and after the outage included. */
  readonly applied: number
  readonly maxInFlight: number
  /** How often apply-events received an unverified callback in vain. */
  readonly retries: number
  /** ms until the answer, of the callbacks sent during the outage. */
  readonly answerMs: readonly number[]
  /** ms from sending to publishing, during the outage, of callbacks that the receiver verified. */
  readonly verifiedDelayMs: readonly number[]
  /** The same of events that were put on the queue directly. */
  readonly directDelayMs: readonly number[]
}

const checkCodeKey = 'bench-key'
const callbacksPerSecond = 20
const directEventsPerSecond = 1
const warmUpMs = 5_000
/** The load goes on for this time after the outage. */
const recoveredMs = 10_000
const maxDrainMs = 900_000
/** How the service fails, in turns of a second. */
const faults = [{ status: 500 }, { status: 400, code: 'ThrottlingException' }, { effect: 'hang' }] as const

/** What was sent during a run, and what became of it. Times are those of `performance.now()`. */
type RunFacts = {
  readonly answered: readonly AnsweredCallback[]
  /** The events that were put on the queue directly, by `trace_id`. */
  readonly directSentAtMs: ReadonlyMap<string, number>
  readonly arrivedAtMs: ReadonlyMap<string, number>
  readonly startedAtMs: number
  readonly endedAtMs: number
  readonly maxInFlight: number
}

/**
 * Runs the system under genuine, forged and unsigned callbacks while Secrets Manager fails, and waits until all events that were
 * acknowledged during the outage are applied and published. The environments of the receiver are replaced in the middle of
 * the outage. The load ends ten seconds after it.
 *
 * @param assembly folder of the cloud assembly.
 */
export async function measureSecretOutage(assembly: string, outage: SecretOutage): Promise<SecretOutageOutcome> {
  const { facts, addLine } = createLogFacts()
  const run = await startLocal({ port: 0, assembly, checkCodeKey, logs: 'all', log: addLine })
  try {
    const runFacts = await runOutage(run, outage)
    const stored = await readStoredFacts(run)
    return summarize(runFacts, facts, stored)
  } finally {
    await run.stop()
  }
}

/** Resolves when everything that was acknowledged is done. */
async function runOutage(run: LocalRun, { start, seconds }: SecretOutage): Promise<RunFacts> {
  const published = await receivePublishedEvents(run)
  const startLoad = () => startMixedLoad(run.callbackUrl, checkCodeKey, start, callbacksPerSecond)
  const warmLoad = start === 'warm' ? startLoad() : undefined
  if (warmLoad !== undefined) await sleep(warmUpMs)
  const startedAtMs = performance.now()
  const failing = failFor(run, seconds)
  const load = warmLoad ?? startLoad()
  const direct = startDirectEvents(run, directEventsPerSecond)
  const watch = watchQueue(run)
  await failing
  const endedAtMs = performance.now()
  await direct.stop()
  await sleep(recoveredMs)
  await load.stop()
  await waitUntilPublished(genuineTraceIds(load.answered), published)
  await watch.stop()
  await run.idle(maxDrainMs)
  // The last messages may be on their way to the subscribed queue.
  await waitUntilPublished([...genuineTraceIds(load.answered), ...direct.sentAtMs.keys()], published, 5_000)
  await published.stop()
  return {
    answered: load.answered,
    directSentAtMs: direct.sentAtMs,
    arrivedAtMs: published.arrivedAtMs,
    startedAtMs,
    endedAtMs,
    maxInFlight: watch.maxInFlight(),
  }
}

function findAllMistakes(run: RunFacts, { metrics, dropped }: LogFacts, stored: StoredFacts): string[] {
  const acknowledged = new Set([...genuineTraceIds(run.answered), ...run.directSentAtMs.keys()])
  const published = new Set(run.arrivedAtMs.keys())
  return [
    ...findMistakes({ acknowledged, published, metrics }, stored),
    ...findCallbackMistakes(run.answered, { logged: stored.logged, dropped }),
  ]
}

function summarize(run: RunFacts, facts: LogFacts, stored: StoredFacts): SecretOutageOutcome {
  const { answered, directSentAtMs, arrivedAtMs, startedAtMs, endedAtMs, maxInFlight } = run
  const during = answered.filter(({ sentAtMs }) => sentAtMs >= startedAtMs && sentAtMs < endedAtMs)
  const genuine = during.filter(({ kind }) => kind === 'genuine')
  const arrivalOf = (traceId: string) => arrivedAtMs.get(traceId) ?? Number.NaN
  const lastArrivalMs = Math.max(...genuine.map(({ traceId }) => arrivalOf(traceId)))
  return {
    mistakes: findAllMistakes(run, facts, stored),
    lost: countLost(answered, stored.logged),
    drainSeconds: Math.max(0, lastArrivalMs - endedAtMs) / 1000,
    answers: countAnswers(during),
    genuine: genuine.length,
    unverified: facts.unverified.size,
    dropped: facts.dropped,
    applied: stored.logged.length - directSentAtMs.size,
    maxInFlight,
    retries: facts.metrics.get(eventsFailed) ?? 0,
    answerMs: during.map(({ answerMs }) => answerMs),
    verifiedDelayMs: genuine
      .filter(({ traceId }) => !facts.unverified.has(traceId))
      .map(({ traceId, sentAtMs }) => arrivalOf(traceId) - sentAtMs),
    directDelayMs: Array.from(directSentAtMs, ([traceId, sentAtMs]) => arrivalOf(traceId) - sentAtMs),
  }
}

/** Makes all requests to Secrets Manager fail, and replaces the environments of the receiver in the middle. */
async function failFor(run: LocalRun, seconds: number): Promise<void> {
  const startedAtMs = performance.now()
  const endsAtMs = startedAtMs + seconds * 1000
  let recycling: Promise<void> | undefined
  for (let turn = 0; performance.now() < endsAtMs; turn++) {
    const removeFault = run.inject({ service: 'secretsmanager', ...faults[turn % faults.length] })
    if (performance.now() >= (startedAtMs + endsAtMs) / 2) recycling ??= run.recycle('ReceiveCallback')
    await sleep(Math.min(1000, endsAtMs - performance.now()))
    removeFault()
  }
  await recycling
}

function genuineTraceIds(answered: readonly AnsweredCallback[]): string[] {
  return answered.filter(({ kind, status }) => kind === 'genuine' && status === 200).map(({ traceId }) => traceId)
}

async function waitUntilPublished(
  traceIds: readonly string[],
  { arrivedAtMs }: PublishedEvents,
  maxMs = maxDrainMs,
): Promise<void> {
  const endsAtMs = performance.now() + maxMs
  while (traceIds.some((traceId) => !arrivedAtMs.has(traceId)) && performance.now() < endsAtMs) await sleep(100)
}
