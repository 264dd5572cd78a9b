import { setTimeout as sleep } from 'node:timers/promises'
import type { SentCallback } from './check-log.ts'
import { type ChaosTraffic, sign } from './traffic.ts'

export interface TrafficResult {
  /** `trace_id`s of the genuine callbacks that were answered with 200. */
  readonly acknowledged: ReadonlySet<string>
  /** Every request, in the order of the responses. */
  readonly callbacks: readonly SentCallback[]
  /** Numbers of callbacks by signature. */
  readonly sent: Readonly<Record<string, number>>
  /** Numbers of responses by status. */
  readonly responses: Readonly<Record<string, number>>
}

const responseTimeoutMs = 15_000

/** Sends callbacks at a constant rate, those of a room one after another. */
export async function sendTraffic(
  url: string,
  key: string,
  traffic: ChaosTraffic,
  { durationMs, perSecond }: { readonly durationMs: number; readonly perSecond: number },
): Promise<TrafficResult> {
  const acknowledged = new Set<string>()
  const callbacks: SentCallback[] = []
  const sent: Record<string, number> = {}
  const responses: Record<string, number> = {}
  const lastOf = new Map<string, Promise<void>>()
  const startedAtMs = performance.now()
  for (let index = 0; (index * 1000) / perSecond < durationMs; index++) {
    await sleep(Math.max(0, startedAtMs + (index * 1000) / perSecond - performance.now()))
    const callback = traffic.next()
    const traceId = String(callback.params.trace_id)
    sent[callback.signature] = (sent[callback.signature] ?? 0) + 1
    const previous = lastOf.get(callback.queue) ?? Promise.resolve()
    const sending = previous.then(async () => {
      const form = new URLSearchParams(sign(callback, key))
      const status = await deliver(url, form)
      callbacks.push({ params: Object.fromEntries(form), isGenuine: callback.signature === 'genuine', status })
      responses[status] = (responses[status] ?? 0) + 1
      if (status === 200 && callback.signature === 'genuine') acknowledged.add(traceId)
    })
    lastOf.set(callback.queue, sending)
  }
  await Promise.all(lastOf.values())
  return { acknowledged, callbacks, sent, responses }
}

/** @returns the status, or `none` if there was no response. */
async function deliver(url: string, form: URLSearchParams): Promise<number | 'none'> {
  try {
    const response = await fetch(`${url}?${form}`, { signal: AbortSignal.timeout(responseTimeoutMs) })
    await response.arrayBuffer()
    return response.status
  } catch {
    return 'none'
  }
}
