import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SeededRandom } from './seeded-random.ts'
import { type CallbackParameters, signCallback } from './sign-callback.ts'

export interface CallbackSettings {
  /** The URL as an administrator types it into the back office. No callbacks are sent while it is undefined. */
  url: string | undefined
  /** Callbacks are not signed if it is null. */
  readonly checkCodeKey: string | null
  readonly method: 'GET' | 'POST'
}

/** Which callbacks are dropped: a share of them, from 0 to 1, or those that match. */
export type DropRule = number | ((parameters: CallbackParameters) => boolean)

/** The HTTP status of the response to a callback; undefined if it was dropped or there was no response. */
export type CallbackStatus = number | undefined

/** Where the parts of a platform send their callbacks. */
export interface CallbackOutlet {
  /** Sends a callback with a new `trace_id`. Never rejects. */
  send(event: CallbackParameters): Promise<CallbackStatus>
  /** Discards the callbacks that are not sent yet. */
  discardPending(): void
}

/** Number of callbacks by outcome. */
export interface CallbackCounts {
  /** A response was received, with any status. */
  responded: number
  /** Dropped by a drop rule. */
  dropped: number
  /** Not sent, or sent without a response: no URL, no connection, or discarded by a crash. */
  failed: number
}

const responseTimeoutMs = 10_000
const callbackConcurrency = 16
const stopGraceMs = 500

/** Sends callbacks: in order for each room (or media server), concurrently for different ones. */
export class CallbackSender implements CallbackOutlet {
  readonly settings: CallbackSettings
  readonly counts: CallbackCounts = { responded: 0, dropped: 0, failed: 0 }
  readonly #random: SeededRandom
  /** The last pending callback of each queue. */
  readonly #lastPending = new Map<string, Promise<CallbackStatus>>()
  readonly #waiting: (() => void)[] = []
  readonly #abort = new AbortController()
  #running = 0
  #dropRule: DropRule = 0
  /** Callbacks of an earlier generation are discarded instead of sent. */
  #generation = 0

  /** @param random decides which callbacks are dropped if the drop rule is a share. */
  constructor(settings: CallbackSettings, random: SeededRandom) {
    this.settings = settings
    this.#random = random
  }

  /** Sends a callback with a new `trace_id`. Never rejects: a media server carries on if a callback fails. */
  send(event: CallbackParameters): Promise<CallbackStatus> {
    // Not taken from the seed: the receiver treats a `trace_id` that it has seen, even in an earlier run, as a duplicate.
    const parameters = { ...event, trace_id: randomUUID() }
    if (this.#isDropped(parameters)) {
      this.counts.dropped += 1
      return Promise.resolve(undefined)
    }
    const queue = queueOf(parameters)
    const generation = this.#generation
    const previous = this.#lastPending.get(queue) ?? Promise.resolve()
    const pending = previous.then(() => this.#sendNext(parameters, generation))
    this.#lastPending.set(queue, pending)
    return pending.finally(() => {
      if (this.#lastPending.get(queue) === pending) this.#lastPending.delete(queue)
    })
  }

  setDropRule(rule: DropRule): void {
    this.#dropRule = rule
  }

  /** Discards the callbacks that are not sent yet. */
  discardPending(): void {
    this.#generation += 1
  }

  /** Resolves when no callback is pending. */
  async drain(): Promise<void> {
    while (this.#lastPending.size > 0) await Promise.all(this.#lastPending.values())
  }

  /** Discards the callbacks that are not sent yet, and waits up to half a second for the others. */
  async stop(): Promise<void> {
    this.discardPending()
    await Promise.race([this.drain(), sleep(stopGraceMs, undefined, { ref: false })])
    this.#abort.abort()
    await this.drain()
  }

  #isDropped(parameters: CallbackParameters): boolean {
    const rule = this.#dropRule
    return typeof rule === 'function' ? rule(parameters) : this.#random.nextBoolean(rule)
  }

  async #sendNext(parameters: CallbackParameters, generation: number): Promise<CallbackStatus> {
    while (this.#running >= callbackConcurrency) await new Promise<void>((resume) => this.#waiting.push(resume))
    this.#running += 1
    try {
      const isDiscarded = generation !== this.#generation
      const status = isDiscarded ? undefined : await deliver(this.settings, parameters, this.#abort.signal)
      this.counts[status === undefined ? 'failed' : 'responded'] += 1
      return status
    } finally {
      this.#running -= 1
      this.#waiting.shift()?.()
    }
  }
}

function queueOf({ room_id = '', box_code = '' }: CallbackParameters): string {
  return `${room_id} ${box_code}`
}

async function deliver(
  { url, checkCodeKey, method }: CallbackSettings,
  parameters: CallbackParameters,
  signal: AbortSignal,
): Promise<CallbackStatus> {
  if (url === undefined) return undefined
  const form = new URLSearchParams(checkCodeKey === null ? parameters : signCallback(parameters, checkCodeKey))
  // In the vendor's example, `…/room_event_history` is configured and `…/room_event_history/feedback` is called.
  const target = `${url.replace(/\/$/, '')}/feedback`
  const either = AbortSignal.any([signal, AbortSignal.timeout(responseTimeoutMs)])
  try {
    const response =
      method === 'GET'
        ? await fetch(`${target}?${form}`, { signal: either })
        : await fetch(target, { method, body: form, signal: either })
    await response.arrayBuffer()
    return response.status
  } catch {
    return undefined
  }
}
