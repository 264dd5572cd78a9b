import { setTimeout as sleep } from 'node:timers/promises'
import { SeededRandom } from '@northbound/avd-simulator'
import { findMistakes, readStoredFacts, type StoredFacts } from '../../bench/recovery/check-outcome.ts'
import { type LocalOptions, type LocalRun, startLocal } from '../../local/run.ts'
import { eventsApplied, eventsDuplicate, eventsStale } from '../../names/metrics.ts'
import { checkRun } from './check.ts'
import type { ReceivedAlert } from './check-alerts.ts'
import type { ReceivedRoomEvent } from './check-room-events.ts'
import { planFaults, type ScheduledFault } from './fault-schedule.ts'
import { MetricSums } from './metric-sums.ts'
import { readLog, readShownState } from './read-answers.ts'
import { receiveMessages } from './receive-messages.ts'
import { sendTraffic, type TrafficResult } from './send-traffic.ts'
import { ChaosTraffic } from './traffic.ts'

export interface ChaosOptions {
  /** Traffic and faults follow from it. */
  readonly seed: number
  /** How long callbacks are sent and faults come. */
  readonly durationMs: number
  readonly perSecond?: number
  /**
   * After how many seconds a batch comes back whose function was killed; six minutes on AWS. Below the function's timeout of 60 s,
   * batches are also processed twice at the same time, which AWS does not do. Default 65.
   */
  readonly visibilityTimeoutSeconds?: number
  /** Folder of a synthesized assembly that requires signatures. Default: the stack is synthesized. */
  readonly assembly?: string
}

export interface ChaosReport {
  readonly seed: number
  readonly seconds: number
  /** Callbacks by signature. */
  readonly sent: Readonly<Record<string, number>>
  /** Responses by status. */
  readonly responses: Readonly<Record<string, number>>
  readonly acknowledged: number
  /** How often each fault came. */
  readonly faults: Readonly<Record<string, number>>
  readonly logged: number
  /** Acknowledged callbacks that are not in the log. */
  readonly lost: number
  /** Events that are in the log more than once. */
  readonly doubled: number
  /** Messages that repeated a logged event. */
  readonly repeated: number
  /** Seconds from the end of the last fault until everything was applied. */
  readonly recoverySeconds: number
  /** What is wrong, one line each. */
  readonly mistakes: readonly string[]
}

const checkCodeKey = 'chaos key'
/** Long runs leave more to do, above all on a busy machine. */
const maxRecoveryMs = (durationMs: number) => Math.max(600_000, durationMs)

/** Runs the system with random traffic and random faults, lets it settle, and checks what it has done. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { seed, durationMs, perSecond = 30, visibilityTimeoutSeconds = 65, assembly } = options
  const metrics = new MetricSums()
  const localOptions: LocalOptions = {
    port: 0,
    checkCodeKey,
    logs: 'all',
    log: (line) => metrics.addLine(line),
    visibilityTimeoutSeconds,
    batchingWindowSeconds: 0.2,
    ...(assembly !== undefined && { assembly }),
  }
  const run = await startLocal(localOptions)
  try {
    const roomEvents = await receiveMessages<ReceivedRoomEvent>(run, 'RoomEventTopicArn')
    const alerts = await receiveMessages<ReceivedAlert>(run, 'AlertTopicArn')
    // Traffic and faults have numbers of their own, so that the time a call takes changes neither.
    const faults = planFaults(new SeededRandom(seed), durationMs)
    const sending = sendTraffic(run.callbackUrl, checkCodeKey, new ChaosTraffic(new SeededRandom(seed + 1)), {
      durationMs,
      perSecond,
    })
    await inject(run, faults)
    const traffic = await sending
    const endedAtMs = performance.now()
    await run.idle(maxRecoveryMs(durationMs))
    const recoverySeconds = (performance.now() - endedAtMs) / 1000
    await Promise.all([roomEvents.stop(), alerts.stop()])
    return await report(run, {
      seed,
      visibilityTimeoutSeconds,
      durationMs,
      recoverySeconds,
      faults,
      traffic,
      roomEvents: roomEvents.messages,
      alerts: alerts.messages,
      metrics,
    })
  } finally {
    await run.stop()
  }
}

/** Begins and ends the faults at their times. */
async function inject(run: LocalRun, faults: readonly ScheduledFault[]): Promise<void> {
  const startedAtMs = performance.now()
  await Promise.all(
    faults.map(async ({ startMs, durationMs, begin }) => {
      await sleep(Math.max(0, startMs - (performance.now() - startedAtMs)))
      const end = begin(run)
      await sleep(durationMs)
      end()
    }),
  )
}

interface Outcome extends Pick<ChaosOptions, 'seed' | 'durationMs'> {
  readonly visibilityTimeoutSeconds: number
  readonly recoverySeconds: number
  readonly faults: readonly ScheduledFault[]
  readonly traffic: TrafficResult
  readonly roomEvents: readonly ReceivedRoomEvent[]
  readonly alerts: readonly ReceivedAlert[]
  readonly metrics: MetricSums
}

async function report(run: LocalRun, outcome: Outcome): Promise<ChaosReport> {
  const { seed, durationMs, recoverySeconds, faults, traffic, metrics } = outcome
  const stored = await readStoredFacts(run)
  const logged = new Set(stored.logged)
  return {
    seed,
    seconds: durationMs / 1000,
    sent: traffic.sent,
    responses: traffic.responses,
    acknowledged: traffic.acknowledged.size,
    faults: countByName(faults),
    logged: logged.size,
    lost: [...traffic.acknowledged].filter((traceId) => !logged.has(traceId)).length,
    doubled: stored.logged.length - logged.size,
    repeated: metrics.sums.get(eventsDuplicate) ?? 0,
    recoverySeconds: Math.round(recoverySeconds * 10) / 10,
    mistakes: [...findStoredMistakes(outcome, stored), ...(await findModelMistakes(run, outcome))],
  }
}

/** Compares the tables and queues with what was acknowledged. */
function findStoredMistakes(outcome: Outcome, stored: StoredFacts): string[] {
  const { traffic, roomEvents, metrics } = outcome
  const published = new Set(roomEvents.map(({ trace_id }) => trace_id))
  const facts = { acknowledged: traffic.acknowledged, published, metrics: metrics.sums }
  return findMistakes(facts, stored, { hasExactCounts: hasExactCounts(outcome) })
}

/** Compares what the run shows with the model. */
async function findModelMistakes(run: LocalRun, outcome: Outcome): Promise<string[]> {
  const { traffic, roomEvents, alerts, metrics } = outcome
  const { callbacks } = traffic
  const valuesOf = (name: string) => [...new Set(callbacks.flatMap(({ params }) => params[name] ?? []))]
  const roomIds = valuesOf('room_id')
  const log = await readLog(run, roomIds, valuesOf('box_code'))
  const shown = await readShownState(run, roomIds)
  const countedAsApplied = (metrics.sums.get(eventsApplied) ?? 0) + (metrics.sums.get(eventsStale) ?? 0)
  const counts = hasExactCounts(outcome) ? { countedAsApplied } : {}
  return checkRun({ callbacks, log, shown, roomEvents, alerts, ...counts })
}

/** A function that is killed loses the counts of its batch, and a message that is delivered again counts again. */
function hasExactCounts({ faults, visibilityTimeoutSeconds }: Outcome): boolean {
  const isExact = ({ name }: ScheduledFault) => !/^apply-events is killed|^the queue repeats/.test(name)
  return visibilityTimeoutSeconds > 60 && faults.every(isExact)
}

function countByName(faults: readonly ScheduledFault[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { name } of faults) counts[name] = (counts[name] ?? 0) + 1
  return counts
}
