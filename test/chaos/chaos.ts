import { setTimeout as sleep } from 'node:timers/promises'
import { SeededRandom, type SimulatedAvd, startSimulatedAvd } from '@northbound/avd-simulator'
import { findMistakes, readStoredFacts, type StoredFacts } from '../../bench/recovery/check-outcome.ts'
import { type LocalOptions, type LocalRun, startLocal } from '../../local/run.ts'
import { eventsApplied, eventsDuplicate, eventsStale } from '../../names/metrics.ts'
import { checkRun } from './check.ts'
import type { ReceivedAlert } from './check-alerts.ts'
import { findPresenceMistakes, type PlatformRoom } from './check-presence.ts'
import type { ReceivedRoomEvent } from './check-room-events.ts'
import { type FaultTarget, planFaults, type ScheduledFault } from './fault-schedule.ts'
import { MetricSums } from './metric-sums.ts'
import { mirror } from './mirror.ts'
import type { LoggedEvent } from './model/logged-event.ts'
import type { ShownState } from './model/shown-state.ts'
import { readLog, readShownState } from './read-answers.ts'
import { receiveMessages } from './receive-messages.ts'
import { sendTraffic, type TrafficResult } from './send-traffic.ts'
import { type SweepCounts, sweepLater, sweepRepeatedly } from './sweeps.ts'
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
  /** Events of callbacks in the log. */
  readonly logged: number
  /** Acknowledged callbacks that are not in the log. */
  readonly lost: number
  /** Events that are in the log more than once. */
  readonly doubled: number
  /** Messages that repeated a logged event. */
  readonly repeated: number
  /** Sweeps during the faults. */
  readonly sweeps: SweepCounts
  /** Corrections in the log: during the faults, and in the sweeps after them. */
  readonly corrections: number
  /** Seconds from the end of the last fault until everything was applied. */
  readonly recoverySeconds: number
  /** What is wrong, one line each. */
  readonly mistakes: readonly string[]
}

const checkCodeKey = 'chaos key'
const platformKeys = { accessKey: 'ak', secretKey: 'sk' }
/** The schedule of the stack sweeps once a minute. */
const sweepIntervalMs = 5000
/** The first finds the differences, and the others correct them, even if so much is missing that the list is doubted. */
const lastSweeps = 4
/** Long runs leave more to do, above all on a busy machine. */
const maxRecoveryMs = (durationMs: number) => Math.max(600_000, durationMs)

/**
 * Runs the system with random traffic, sweeps and random faults, lets it settle, sweeps again, and checks what it has done.
 *
 * What happens on the platform follows the traffic. Callbacks that are forged, unsigned or refused never say what happened, so sweeps
 * have to find it out.
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const avd = await startSimulatedAvd(platformKeys)
  try {
    return await runWithPlatform(avd, options)
  } finally {
    await avd.stop()
  }
}

async function runWithPlatform(avd: SimulatedAvd, options: ChaosOptions): Promise<ChaosReport> {
  const { seed, durationMs, perSecond = 30, visibilityTimeoutSeconds = 65, assembly } = options
  const metrics = new MetricSums()
  const localOptions: LocalOptions = {
    port: 0,
    checkCodeKey,
    logs: 'all',
    log: (line) => metrics.addLine(line),
    visibilityTimeoutSeconds,
    batchingWindowSeconds: 0.2,
    avd: { baseUrl: avd.url, ...platformKeys },
    // The run sweeps itself, and knows when a sweep has ended.
    sweepSeconds: 86_400,
    ...(assembly !== undefined && { assembly }),
  }
  const run = await startLocal(localOptions)
  try {
    const roomEvents = await receiveMessages<ReceivedRoomEvent>(run, 'RoomEventTopicArn')
    const alerts = await receiveMessages<ReceivedAlert>(run, 'AlertTopicArn')
    // Traffic and faults have numbers of their own, so that the time a call takes changes neither.
    const faults = planFaults(new SeededRandom(seed), durationMs)
    const events = new ChaosTraffic(new SeededRandom(seed + 1), (params) => mirror(avd, params))
    const sending = sendTraffic(run.callbackUrl, checkCodeKey, events, { durationMs, perSecond })
    const sweeping = sweepRepeatedly(run, sweepIntervalMs)
    await inject({ run, avd }, faults)
    const traffic = await sending
    const sweeps = await sweeping.stop()
    const endedAtMs = performance.now()
    await run.idle(maxRecoveryMs(durationMs))
    const recoverySeconds = (performance.now() - endedAtMs) / 1000
    await sweepLater(run, lastSweeps, maxRecoveryMs(durationMs))
    await Promise.all([roomEvents.stop(), alerts.stop()])
    return await report(run, {
      seed,
      visibilityTimeoutSeconds,
      durationMs,
      recoverySeconds,
      faults,
      traffic,
      sweeps,
      platformRooms: avd.rooms,
      roomEvents: roomEvents.messages,
      alerts: alerts.messages,
      metrics,
    })
  } finally {
    await run.stop()
  }
}

/** Begins and ends the faults at their times. */
async function inject(target: FaultTarget, faults: readonly ScheduledFault[]): Promise<void> {
  const startedAtMs = performance.now()
  await Promise.all(
    faults.map(async ({ startMs, durationMs, begin }) => {
      await sleep(Math.max(0, startMs - (performance.now() - startedAtMs)))
      const end = begin(target)
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
  readonly sweeps: SweepCounts
  readonly platformRooms: readonly PlatformRoom[]
  readonly roomEvents: readonly ReceivedRoomEvent[]
  readonly alerts: readonly ReceivedAlert[]
  readonly metrics: MetricSums
}

async function report(run: LocalRun, outcome: Outcome): Promise<ChaosReport> {
  const { seed, durationMs, recoverySeconds, faults, traffic, sweeps, metrics } = outcome
  const stored = await readStoredFacts(run)
  const logged = new Set(stored.logged)
  const valuesOf = (name: string) => [...new Set(traffic.callbacks.flatMap(({ params }) => params[name] ?? []))]
  const log = await readLog(run, valuesOf('room_id'), valuesOf('box_code'))
  const shown = await readShownState(run, valuesOf('room_id'))
  const corrections = log.filter(({ source }) => source !== 'callback').length
  return {
    seed,
    seconds: durationMs / 1000,
    sent: traffic.sent,
    responses: traffic.responses,
    acknowledged: traffic.acknowledged.size,
    faults: countByName(faults),
    logged: logged.size - corrections,
    sweeps,
    corrections,
    lost: [...traffic.acknowledged].filter((traceId) => !logged.has(traceId)).length,
    doubled: stored.logged.length - logged.size,
    repeated: metrics.sums.get(eventsDuplicate) ?? 0,
    recoverySeconds: Math.round(recoverySeconds * 10) / 10,
    mistakes: [
      ...findStoredMistakes(outcome, stored),
      ...findModelMistakes(outcome, log, shown),
      ...findPresenceMistakes(shown, outcome.platformRooms),
    ],
  }
}

/** Compares the tables and queues with what was acknowledged. */
function findStoredMistakes({ traffic, roomEvents, metrics }: Outcome, stored: StoredFacts): string[] {
  const published = new Set(roomEvents.map(({ trace_id }) => trace_id))
  const facts = { acknowledged: traffic.acknowledged, published, metrics: metrics.sums }
  // The checker compares the counts, without the corrections.
  return findMistakes(facts, stored, { hasExactCounts: false })
}

/** Compares what the run shows with the model. */
function findModelMistakes(outcome: Outcome, log: readonly LoggedEvent[], shown: ShownState): string[] {
  const { traffic, roomEvents, alerts, metrics } = outcome
  const countedAsApplied = (metrics.sums.get(eventsApplied) ?? 0) + (metrics.sums.get(eventsStale) ?? 0)
  const counts = hasExactCounts(outcome) ? { countedAsApplied } : {}
  return checkRun({ callbacks: traffic.callbacks, log, shown, roomEvents, alerts, ...counts })
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
