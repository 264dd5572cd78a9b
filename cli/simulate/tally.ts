import type { Delivery } from '../deliver-callback.ts'
import type { Fault } from './faults.ts'

/** What a simulation has sent, and what came of it. Times are in ms. */
export interface SimulationSummary {
  readonly seed: number
  readonly interrupted: boolean
  readonly seconds: number
  readonly rate: { readonly asked: number; readonly reached: number }
  /** Requests, repetitions included. */
  readonly sent: number
  readonly acknowledged: number
  /** Number of requests by HTTP status. */
  readonly refused: Readonly<Record<string, number>>
  readonly no_response: number
  /** Requests that were refused or unanswered although nothing was wrong with them, and wrong ones that were accepted. */
  readonly unexpected: number
  readonly by_event: Readonly<Record<string, number>>
  readonly faults: Readonly<Record<string, number>>
  /** From the time at which a request was due, so that a request that had to wait counts in full. */
  readonly latency_ms: Readonly<Record<'p50' | 'p90' | 'p99' | 'max', number>>
  readonly rooms: { readonly opened: number; readonly left_open: number }
}

/** Counts the requests of a simulation. */
export class Tally {
  readonly #byEvent = new Map<string, number>()
  readonly #faults = new Map<string, number>()
  readonly #refused = new Map<string, number>()
  readonly #latencies: number[] = []
  #acknowledged = 0
  #noResponse = 0
  #unexpected = 0
  sent = 0

  get notAcknowledged(): number {
    return this.#noResponse + [...this.#refused.values()].reduce((sum, count) => sum + count, 0)
  }

  countSent(event: string): void {
    this.sent += 1
    add(this.#byEvent, event)
  }

  countFault(fault: Fault): void {
    add(this.#faults, fault)
  }

  countDelivery(delivery: Delivery, latencyMs: number, hasBadSignature: boolean): void {
    this.#latencies.push(latencyMs)
    const isAcknowledged = delivery.outcome === 'response' && delivery.status === 200
    if (isAcknowledged === hasBadSignature) this.#unexpected += 1
    if (isAcknowledged) this.#acknowledged += 1
    else if (delivery.outcome === 'response') add(this.#refused, String(delivery.status))
    else this.#noResponse += 1
  }

  summarize(): Omit<SimulationSummary, 'seed' | 'interrupted' | 'seconds' | 'rate' | 'rooms'> {
    const sorted = this.#latencies.toSorted((a, b) => a - b)
    const at = (share: number) => Math.round(sorted[Math.ceil(sorted.length * share) - 1] ?? 0)
    return {
      sent: this.sent,
      acknowledged: this.#acknowledged,
      refused: Object.fromEntries(this.#refused),
      no_response: this.#noResponse,
      unexpected: this.#unexpected,
      by_event: Object.fromEntries([...this.#byEvent].toSorted(([a], [b]) => (a < b ? -1 : 1))),
      faults: Object.fromEntries(this.#faults),
      latency_ms: { p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) },
    }
  }
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}
