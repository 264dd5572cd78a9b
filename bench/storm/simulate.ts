import { SeededRandom } from '@northbound/avd-simulator'
import { PartitionThrottle } from '@northbound/template-runner'
import TinyQueue from 'tinyqueue'
import { retryDelaySeconds } from '../../core/retries/retry-delay.ts'
import { SimulatedApplier } from './apply-batch.ts'
import { EventQueue } from './event-queue.ts'
import type { StormArrival, StormDelay, StormModel, StormOutcome, StormQueueDepth, StormUsage } from './model.ts'
import { type SimulatedAws, SimulatedFunction } from './simulated-function.ts'
import { SimulatedTime } from './simulated-time.ts'

type StormMessage = StormArrival & { readonly queuedAtMs: number }

/** Simulates the storm request by request: receivers, queue, batches, and partitions that throttle. */
export function simulateStorm(model: StormModel): StormOutcome {
  const { messages, environments } = receiveArrivals(model)
  const simulation = new StormSimulation(model)
  simulation.run(messages)
  const { depths, delays, usage } = simulation
  return { ...usage, depths, delays, receiverConcurrency: environments }
}

/** An execution environment handles one callback at a time; if all are busy, another one starts cold. */
function receiveArrivals(model: StormModel): { messages: StormMessage[]; environments: number } {
  const { coldMs, warmMs } = model.receive
  const busyUntilMs = new TinyQueue<number>([], (a, b) => a - b)
  let environments = 0
  const messages = model.arrivals
    .toSorted((a, b) => a.atMs - b.atMs)
    .map((arrival) => {
      const isWarm = (busyUntilMs.peek() ?? Number.POSITIVE_INFINITY) <= arrival.atMs
      if (isWarm) busyUntilMs.pop()
      else environments++
      const queuedAtMs = arrival.atMs + (isWarm ? 0 : coldMs) + warmMs
      busyUntilMs.push(queuedAtMs)
      return { ...arrival, queuedAtMs }
    })
  return { messages, environments }
}

class StormSimulation {
  readonly depths: StormQueueDepth[] = []
  readonly delays: StormDelay[] = []
  readonly usage: StormUsage = {
    batches: 0,
    requests: 0,
    writeUnits: 0,
    throttledRequests: 0,
    conflicts: 0,
    redeliveries: 0,
  }
  readonly #model: StormModel
  readonly #time = new SimulatedTime()
  readonly #queue: EventQueue<StormMessage>
  readonly #aws: SimulatedAws
  readonly #applier: SimulatedApplier
  /** How often each failed message has been received. */
  readonly #receives = new Map<StormMessage, number>()
  readonly #idleFunctions: SimulatedFunction[] = []

  constructor(model: StormModel) {
    this.#model = model
    this.#queue = new EventQueue(model.queue)
    const throttle = new PartitionThrottle(model.dynamodb.partitionUnitsPerSecond)
    this.#aws = { time: this.#time, throttle, random: new SeededRandom(1), usage: this.usage }
    this.#applier = new SimulatedApplier(this.#aws, model.apply)
  }

  run(messages: readonly StormMessage[]): void {
    for (const message of messages) this.#time.schedule(message.queuedAtMs, () => this.#enqueue(message))
    this.#time.run()
  }

  #enqueue(message: StormMessage): void {
    this.#queue.push(message)
    this.#poll()
    this.#time.schedule(this.#time.nowMs + this.#model.queue.windowMs, () => this.#poll())
  }

  #poll(): void {
    for (;;) {
      const batch = this.#queue.takeBatch(this.#time.nowMs)
      if (batch === undefined) break
      this.usage.batches++
      this.#time.start(this.#process(batch), () => this.#poll())
    }
    this.depths.push({ atMs: this.#time.nowMs, waiting: this.#queue.waiting, inFlight: this.#queue.inFlight })
  }

  *#process(batch: readonly StormMessage[]) {
    const { apply } = this.#model
    const idle = this.#idleFunctions.pop()
    if (idle === undefined) yield apply.coldMs
    const instance = idle ?? new SimulatedFunction(this.#aws, apply)
    const failed = new Set(yield* this.#applier.applyBatch(instance, batch))
    this.#idleFunctions.push(instance)
    this.#queue.finish(batch, this.#time.nowMs)
    for (const message of batch) {
      if (failed.has(message)) {
        this.usage.redeliveries++
        const receives = (this.#receives.get(message) ?? 0) + 1
        this.#receives.set(message, receives)
        this.#time.schedule(this.#time.nowMs + retryDelaySeconds(receives) * 1000, () => this.#enqueue(message))
      } else {
        const { atMs, group } = message
        this.delays.push({ atMs: this.#time.nowMs, group, delayMs: this.#time.nowMs - atMs })
      }
    }
  }
}
