import { setTimeout as sleep } from 'node:timers/promises'
import { type LocalRun, startLocal } from '../../local/run.ts'
import { findMistakes, readStoredFacts } from '../recovery/check-outcome.ts'
import { receivePublishedEvents } from '../recovery/published-events.ts'
import { countLost, findCallbackMistakes } from '../secret-outage/check-callbacks.ts'
import type { AnsweredCallback } from '../secret-outage/mixed-load.ts'
import { createLogFacts } from '../secret-outage/read-log.ts'
import { sendBurst } from './send-burst.ts'
import { startSender } from './sender.ts'

export type LoadSize = {
  /** Seconds with two hundred callbacks each, and seconds with two before. */
  readonly seconds: number
  /** Events that are put on the queue at once. */
  readonly burstEvents: number
}

export type LoadOutcome = {
  /** What is wrong, one line each. */
  readonly mistakes: readonly string[]
  readonly sent: number
  /** Genuine callbacks that were refused, and events that are not in the log exactly once. */
  readonly lost: number
  /** Milliseconds until the answer, with few callbacks and under load. */
  readonly quietMs: readonly number[]
  readonly loadedMs: readonly number[]
  /** From the last callback until all were applied. */
  readonly settleSeconds: number
  /** From the first event of the burst until all were applied. */
  readonly burstSeconds: number
}

const key = 'bench-key'
export const callbacksPerSecond = 200
const quietCallbacksPerSecond = 2
const warmUpSeconds = 5
const maxDrainMs = 600_000

/**
 * Sends few callbacks, then two hundred a second, then puts a burst on the queue, and checks what the whole system has done.
 *
 * @param assembly folder of the cloud assembly.
 */
export async function measureLoad(assembly: string, { seconds, burstEvents }: LoadSize): Promise<LoadOutcome> {
  const { facts, addLine } = createLogFacts()
  const run = await startLocal({ port: 0, assembly, checkCodeKey: key, logs: 'all', log: addLine })
  const sender = startSender()
  try {
    const published = await receivePublishedEvents(run)
    const send = (name: string, perSecond: number, duration: number) =>
      sender.send({ url: run.callbackUrl, key, name, perSecond, seconds: duration })
    // Functions start and compile before anything is timed.
    const warmUp = await send('warm-up', callbacksPerSecond, warmUpSeconds)
    await run.idle(maxDrainMs)
    const quiet = await send('quiet', quietCallbacksPerSecond, seconds)
    const loaded = await send('loaded', callbacksPerSecond, seconds)
    const settleSeconds = await timeUntilIdle(run)
    const startedAtMs = performance.now()
    const burst = await sendBurst(run, burstEvents)
    await run.idle(maxDrainMs)
    const burstSeconds = (performance.now() - startedAtMs) / 1000
    const answered = [...warmUp, ...quiet, ...loaded]
    const acknowledged = new Set([...acknowledgedIn(answered), ...burst])
    // The last messages may be on their way to the subscribed queue.
    for (let tries = 0; tries < 100 && published.arrivedAtMs.size < acknowledged.size; tries++) await sleep(100)
    await published.stop()
    const stored = await readStoredFacts(run)
    const outcome = { acknowledged, published: new Set(published.arrivedAtMs.keys()), metrics: facts.metrics }
    const logged = new Set(stored.logged)
    return {
      mistakes: [
        ...findMistakes(outcome, stored),
        ...findCallbackMistakes(answered, { logged: stored.logged, dropped: facts.dropped }),
      ],
      sent: answered.length,
      lost: countLost(answered, stored.logged) + burst.filter((traceId) => !logged.has(traceId)).length,
      quietMs: quiet.map(({ answerMs }) => answerMs),
      loadedMs: loaded.map(({ answerMs }) => answerMs),
      settleSeconds,
      burstSeconds,
    }
  } finally {
    sender.stop()
    await run.stop()
  }
}

async function timeUntilIdle(run: LocalRun): Promise<number> {
  const startedAtMs = performance.now()
  await run.idle(maxDrainMs)
  return (performance.now() - startedAtMs) / 1000
}

function acknowledgedIn(answered: readonly AnsweredCallback[]): string[] {
  return answered.filter(({ kind, status }) => kind === 'genuine' && status === 200).map(({ traceId }) => traceId)
}
