import { setTimeout as sleep } from 'node:timers/promises'
import { readEmf } from '@northbound/template-runner'
import { startLocal } from '../../local/run.ts'
import { eventsDuplicate } from '../../names/metrics.ts'
import { startCallbackLoad } from './callback-load.ts'
import { findMistakes, readStoredFacts } from './check-outcome.ts'
import { receivePublishedEvents } from './published-events.ts'

export type Outage = {
  readonly service: 'dynamodb' | 'sns' | 'secretsmanager'
  readonly seconds: number
}

export type Recovery = {
  /** Seconds from the end of the outage until the last event acknowledged before it was applied and published. */
  readonly seconds: number
  readonly acknowledged: number
  readonly refused: number
  /** Messages that repeated a logged event. The receiver sends a message again if the response of the queue is late. */
  readonly repeated: number
}

const checkCodeKey = 'bench-key'
const callbacksPerSecond = 50
/** The functions are warm and the secrets cached when the outage begins. */
const warmUpMs = 5000
const maxRecoveryMs = 600_000

/**
 * Runs the system under a constant load, makes all requests to a service fail for some time, and waits until it has caught up. The
 * load goes on until then.
 *
 * @param assembly folder of the cloud assembly.
 * @throws Error if an acknowledged event is lost or counts twice, or if there are dead letters.
 */
export async function measureRecovery(assembly: string, { service, seconds }: Outage): Promise<Recovery> {
  const metrics = new Map<string, number>()
  const run = await startLocal({
    port: 0,
    assembly,
    checkCodeKey,
    logs: 'all',
    log: (line) => addMetrics(metrics, line),
  })
  try {
    const published = await receivePublishedEvents(run)
    const load = startCallbackLoad(run.callbackUrl, checkCodeKey, `${service}-${seconds}`, callbacksPerSecond)
    await sleep(warmUpMs)
    await failFor(seconds, (status) => run.inject({ service, status }))
    const endedAtMs = performance.now()
    const awaited = [...load.acknowledged]
    const isPending = (traceId: string) => !published.arrivedAtMs.has(traceId)
    while (awaited.some(isPending) && performance.now() - endedAtMs < maxRecoveryMs) await sleep(100)
    await load.stop()
    await run.idle(maxRecoveryMs)
    // The last messages may be on their way to the subscribed queue.
    for (let tries = 0; tries < 50 && [...load.acknowledged].some(isPending); tries++) await sleep(100)
    await published.stop()
    const arrivals = awaited.map((traceId) => published.arrivedAtMs.get(traceId) ?? Number.POSITIVE_INFINITY)
    const facts = { acknowledged: load.acknowledged, published: new Set(published.arrivedAtMs.keys()), metrics }
    const mistakes = findMistakes(facts, await readStoredFacts(run))
    if (mistakes.length > 0) throw new Error(`${service}, ${seconds} s: ${mistakes.join('; ')}`)
    return {
      seconds: Math.max(0, Math.max(...arrivals) - endedAtMs) / 1000,
      acknowledged: load.acknowledged.size,
      refused: load.refused(),
      repeated: metrics.get(eventsDuplicate) ?? 0,
    }
  } finally {
    await run.stop()
  }
}

/** Errors of the service and throttling, in turns of a second. */
async function failFor(seconds: number, inject: (status: number) => () => void): Promise<void> {
  const endsAtMs = performance.now() + seconds * 1000
  for (let turn = 0; performance.now() < endsAtMs; turn++) {
    const removeFault = inject(turn % 2 === 0 ? 500 : 400)
    await sleep(Math.min(1000, endsAtMs - performance.now()))
    removeFault()
  }
}

function addMetrics(sums: Map<string, number>, line: string): void {
  if (!line.startsWith('ApplyEvents: ')) return
  for (const { metric, values } of readEmf(line.slice('ApplyEvents: '.length)))
    for (const value of values) sums.set(metric.name, (sums.get(metric.name) ?? 0) + value)
}
