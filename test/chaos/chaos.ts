import { setTimeout as sleep } from 'node:timers/promises'
import { SeededRandom } from '@northbound/avd-simulator'
import { findMistakes, readStoredFacts } from '../../bench/recovery/check-outcome.ts'
import { receivePublishedEvents } from '../../bench/recovery/published-events.ts'
import { type LocalOptions, type LocalRun, startLocal } from '../../local/run.ts'
import { eventsDuplicate } from '../../names/metrics.ts'
import { planFaults, type ScheduledFault } from './fault-schedule.ts'
import { MetricSums } from './metric-sums.ts'
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
  /** Messages that repeated a logged event. */
  readonly repeated: number
  /** Seconds from the end of the last fault until everything was applied. */
  readonly recoverySeconds: number
  /** What is wrong, one line each. */
  readonly mistakes: readonly string[]
}

const checkCodeKey = 'chaos key'
const maxRecoveryMs = 600_000

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
    const published = await receivePublishedEvents(run)
    // Traffic and faults have numbers of their own, so that the time a call takes changes neither.
    const faults = planFaults(new SeededRandom(seed), durationMs)
    const sending = sendTraffic(run.callbackUrl, checkCodeKey, new ChaosTraffic(new SeededRandom(seed + 1)), {
      durationMs,
      perSecond,
    })
    await inject(run, faults)
    const traffic = await sending
    const endedAtMs = performance.now()
    await run.idle(maxRecoveryMs)
    const recoverySeconds = (performance.now() - endedAtMs) / 1000
    await waitForMessages(traffic, published.arrivedAtMs)
    await published.stop()
    return await report(run, {
      seed,
      visibilityTimeoutSeconds,
      durationMs,
      recoverySeconds,
      faults,
      traffic,
      published: published.arrivedAtMs,
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

/** The last messages may be on their way to the subscribed queue. */
async function waitForMessages({ acknowledged }: TrafficResult, arrived: ReadonlyMap<string, number>): Promise<void> {
  const isPending = () => [...acknowledged].some((traceId) => !arrived.has(traceId))
  for (let tries = 0; tries < 100 && isPending(); tries++) await sleep(100)
}

interface Outcome extends Pick<ChaosOptions, 'seed' | 'durationMs'> {
  readonly visibilityTimeoutSeconds: number
  readonly recoverySeconds: number
  readonly faults: readonly ScheduledFault[]
  readonly traffic: TrafficResult
  readonly published: ReadonlyMap<string, number>
  readonly metrics: MetricSums
}

async function report(run: LocalRun, outcome: Outcome): Promise<ChaosReport> {
  const { seed, durationMs, recoverySeconds, faults, traffic, published, metrics } = outcome
  const stored = await readStoredFacts(run)
  const logged = new Set(stored.logged)
  const forged = [...traffic.notGenuine].filter((traceId) => logged.has(traceId))
  const facts = { acknowledged: traffic.acknowledged, published: new Set(published.keys()), metrics: metrics.sums }
  const mistakes = findMistakes(facts, stored, { hasExactCounts: hasExactCounts(outcome) })
  return {
    seed,
    seconds: durationMs / 1000,
    sent: traffic.sent,
    responses: traffic.responses,
    acknowledged: traffic.acknowledged.size,
    faults: countByName(faults),
    logged: logged.size,
    repeated: metrics.sums.get(eventsDuplicate) ?? 0,
    recoverySeconds: Math.round(recoverySeconds * 10) / 10,
    mistakes:
      forged.length === 0 ? mistakes : [...mistakes, `callbacks in the log that are not genuine: ${forged.length}`],
  }
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
