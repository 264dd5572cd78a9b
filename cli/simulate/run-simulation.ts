import { randomUUID } from 'node:crypto'
import { LoadTraffic, SeededRandom } from '@northbound/avd-simulator'
import pMap from 'p-map'
import { type CallbackParameters, computeCheckCode } from '../callback-parameters.ts'
import { deliverCallback } from '../deliver-callback.ts'
import { type Fault, type PlannedRequest, planDelivery, spoilSignature } from './faults.ts'
import { runOpenLoop } from './open-loop.ts'
import { OpenRooms } from './open-rooms.ts'
import { type SimulationSummary, Tally } from './tally.ts'

export interface SimulationOptions {
  readonly url: URL
  readonly method: 'GET' | 'POST'
  /** Callbacks are not signed if it is undefined. */
  readonly key: string | undefined
  readonly rooms: number
  /** In a room. */
  readonly users: number
  /** Events a second. */
  readonly rate: number
  readonly durationMs: number
  readonly seed: number
  readonly faults: ReadonlySet<Fault>
  readonly sendsWarnings: boolean
  readonly signal: AbortSignal
  /** Gets the number of events that have begun, and of requests without a good response. */
  readonly onProgress: (eventCount: number, notAcknowledged: number) => void
}

/** Requests without a response at most. More would use up the sockets of a machine. */
const maxPending = 1_000
const closingConcurrency = 20
/** A receiver that does not respond must not keep the command from ending. */
const maxClosingMs = 10_000
/** ms between two crashes; a shorter simulation has one in its middle. */
const crashPeriodMs = 30_000

/** Sends the callbacks of an installation at a fixed rate, and closes the rooms at the end. */
export async function runSimulation(options: SimulationOptions): Promise<SimulationSummary> {
  const simulation = new Simulation(options)
  const elapsedMs = await simulation.send()
  await simulation.finish()
  return simulation.summarize(elapsedMs)
}

class Simulation {
  readonly #options: SimulationOptions
  readonly #traffic: LoadTraffic
  readonly #faultRandom: SeededRandom
  readonly #tally = new Tally()
  readonly #openRooms = new OpenRooms()
  readonly #pending = new Set<Promise<void>>()
  /** Requests that are held back, and what sends them at once. */
  readonly #heldBack = new Map<NodeJS.Timeout, () => void>()
  #eventCount = 0

  constructor(options: SimulationOptions) {
    const { seed, rooms, users, sendsWarnings } = options
    this.#options = options
    this.#traffic = new LoadTraffic({ seed, maxRooms: rooms, maxUsers: users, sendsWarnings })
    this.#faultRandom = new SeededRandom(seed + 1)
  }

  /** @returns ms that it took. */
  send(): Promise<number> {
    const { rate, durationMs, signal, faults } = this.#options
    const eventsPerCrash = Math.max(1, Math.round((rate * Math.min(crashPeriodMs, durationMs / 2)) / 1000))
    const waitForRoom = () => (this.#pending.size < maxPending ? undefined : Promise.race(this.#pending))
    return runOpenLoop({ rate, durationMs, signal, waitForRoom }, (dueAt) => {
      if (faults.has('crash') && this.#eventCount > 0 && this.#eventCount % eventsPerCrash === 0) this.#crash()
      this.#eventCount += 1
      this.#begin(this.#traffic.next(), dueAt)
      this.#options.onProgress(this.#eventCount, this.#tally.notAcknowledged)
    })
  }

  /** Sends what is held back, ends recordings and closes the rooms, also those that a crash or a lost callback left open. */
  async finish(): Promise<void> {
    for (const [timer, sendNow] of this.#heldBack) {
      clearTimeout(timer)
      sendNow()
    }
    await Promise.all(this.#pending)
    const rest = this.#traffic.finish()
    await this.#deliverAll(rest.filter(({ event }) => event !== 'close'))
    await this.#deliverAll(rest.filter(({ event }) => event === 'close'))
    // Their close was lost, or an event of theirs came after it.
    const ids = this.#openRooms.ids
    await this.#deliverAll(
      ids.map((room_id) => ({ event: 'close', room_id, event_type: 'auto', trace_id: randomUUID() })),
    )
  }

  summarize(elapsedMs: number): SimulationSummary {
    const { seed, rate, signal } = this.#options
    const seconds = elapsedMs / 1000
    return {
      seed,
      interrupted: signal.aborted,
      seconds: round(seconds),
      rate: { asked: rate, reached: round(this.#eventCount / Math.max(seconds, this.#eventCount / rate)) },
      ...this.#tally.summarize(),
      rooms: { opened: this.#openRooms.openedCount, left_open: this.#openRooms.ids.length },
    }
  }

  async #deliverAll(callbacks: readonly CallbackParameters[]): Promise<void> {
    const deadline = performance.now() + maxClosingMs
    const deliver = async (callback: CallbackParameters) => {
      if (performance.now() < deadline) await this.#deliver(callback)
    }
    await pMap(callbacks, deliver, { concurrency: closingConcurrency })
  }

  #crash(): void {
    this.#tally.countFault('crash')
    this.#traffic.crash()
  }

  #begin(callback: CallbackParameters, dueAt: number): void {
    const { requests, fault } = planDelivery(this.#faultRandom, this.#options.faults)
    if (fault !== undefined) this.#tally.countFault(fault)
    for (const request of requests) {
      if (request.delayMs === 0) this.#start(callback, dueAt, request)
      else this.#holdBack(request.delayMs, () => this.#start(callback, performance.now(), request))
    }
  }

  #holdBack(delayMs: number, send: () => void): void {
    const timer = setTimeout(() => sendNow(), delayMs)
    const sendNow = () => {
      this.#heldBack.delete(timer)
      send()
    }
    this.#heldBack.set(timer, sendNow)
  }

  #start(callback: CallbackParameters, dueAt: number, request: PlannedRequest): void {
    const delivery = this.#deliver(callback, dueAt, request.hasBadSignature)
    this.#pending.add(delivery)
    void delivery.finally(() => this.#pending.delete(delivery))
  }

  async #deliver(callback: CallbackParameters, dueAt = performance.now(), hasBadSignature = false): Promise<void> {
    const { url, method, key } = this.#options
    const signed = key === undefined ? callback : { ...callback, check_code: computeCheckCode(callback, key) }
    this.#tally.countSent(callback.event ?? '')
    const delivery = await deliverCallback(url, hasBadSignature ? spoilSignature(signed) : signed, { method })
    this.#tally.countDelivery(delivery, performance.now() - dueAt, hasBadSignature)
    if (delivery.outcome === 'response' && delivery.status === 200) this.#openRooms.acknowledge(callback)
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
