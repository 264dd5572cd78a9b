import { setTimeout as sleep } from 'node:timers/promises'
import type { Chance } from './chance.ts'
import { type Parameters, signed } from './sign.ts'

export interface CallbackSettings {
  /** Where it calls back, as typed into the back office; nothing is sent while it is undefined. */
  url: string | undefined
  readonly checkCodeKey: string | null
  readonly method: 'GET' | 'POST'
}

/** Which callbacks get lost on the way: a share of them, or those that it holds for. */
export type Loss = number | ((parameters: Parameters) => boolean)

/** What became of the callbacks so far. */
export interface CallbackCounts {
  /** Answered, whatever the status. */
  answered: number
  /** Lost on purpose. */
  lost: number
  /** Not answered, or never sent: no URL, no connection, or a crash before their turn. */
  failed: number
}

const answerMilliseconds = 10_000
const atOnce = 16
const stopMilliseconds = 500

/** Sends callbacks: those about one room (or box) one after the other, those about different ones side by side. */
export class Callbacks {
  readonly settings: CallbackSettings
  readonly counts: CallbackCounts = { answered: 0, lost: 0, failed: 0 }
  readonly #chance: Chance
  /** The last callback about each subject. */
  readonly #last = new Map<string, Promise<unknown>>()
  readonly #waiting: (() => void)[] = []
  readonly #ending = new AbortController()
  #running = 0
  #loss: Loss = 0
  /** A crash begins a new life; what the old one has not sent is never sent. */
  #life = 0

  constructor(settings: CallbackSettings, chance: Chance) {
    this.settings = settings
    this.#chance = chance
  }

  /**
   * @param subject the room or the box.
   * @returns the status of the answer; undefined where there is none. Never throws: a media server goes on.
   */
  send(subject: string, parameters: Parameters): Promise<number | undefined> {
    if (this.#isLost(parameters)) {
      this.counts.lost += 1
      return Promise.resolve(undefined)
    }
    const life = this.#life
    const before = this.#last.get(subject) ?? Promise.resolve()
    const sent = before.then(() => this.#inTurn(parameters, life))
    this.#last.set(subject, sent)
    return sent.finally(() => {
      if (this.#last.get(subject) === sent) this.#last.delete(subject)
    })
  }

  lose(loss: Loss): void {
    this.#loss = loss
  }

  /** Drops what is not sent yet. */
  crash(): void {
    this.#life += 1
  }

  /** Resolves when everything is sent and answered. */
  async settled(): Promise<void> {
    while (this.#last.size > 0) await Promise.all(this.#last.values())
  }

  /** Drops what is not sent yet and gives what is under way half a second. */
  async stop(): Promise<void> {
    this.#life += 1
    await Promise.race([this.settled(), sleep(stopMilliseconds, undefined, { ref: false })])
    this.#ending.abort()
    await this.settled()
  }

  #isLost(parameters: Parameters): boolean {
    return typeof this.#loss === 'function' ? this.#loss(parameters) : this.#chance.happens(this.#loss)
  }

  async #inTurn(parameters: Parameters, life: number): Promise<number | undefined> {
    while (this.#running >= atOnce) await new Promise<void>((resume) => this.#waiting.push(resume))
    this.#running += 1
    try {
      const status = life === this.#life ? await this.#call(parameters) : undefined
      this.counts[status === undefined ? 'failed' : 'answered'] += 1
      return status
    } finally {
      this.#running -= 1
      this.#waiting.shift()?.()
    }
  }

  async #call(parameters: Parameters): Promise<number | undefined> {
    const { url, checkCodeKey, method } = this.settings
    if (url === undefined) return undefined
    const text = new URLSearchParams(checkCodeKey === null ? parameters : signed(parameters, checkCodeKey))
    // The document's example: `…/room_event_history` is configured, the call comes at `…/feedback` below it.
    const target = `${url.replace(/\/$/, '')}/feedback`
    const signal = AbortSignal.any([this.#ending.signal, AbortSignal.timeout(answerMilliseconds)])
    try {
      const answer =
        method === 'GET'
          ? await fetch(`${target}?${text}`, { signal })
          : await fetch(target, { method, body: text, signal })
      await answer.arrayBuffer()
      return answer.status
    } catch {
      return undefined
    }
  }
}
