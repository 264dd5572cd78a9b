import TinyQueue from 'tinyqueue'
import type { StormArrival, StormDelay, StormModel, StormOutcome, StormQueueDepth } from './storm-model.ts'

type StormMessage = StormArrival & { readonly queuedAtMs: number }
type ScheduledStep = { readonly atMs: number; readonly run: () => void }

/**
 * Simulates the storm event by event: receivers, queue, pollers, batches and partitions.
 *
 * A hot partition delays requests instead of failing them, because the client retries throttled requests
 * (`adapters/dynamodb/client.ts`).
 */
export function simulateStorm(model: StormModel): StormOutcome {
  const { messages, environments } = receiveArrivals(model)
  const simulation = new StormSimulation(model)
  simulation.run(messages)
  const { depths, delays, batches, conflicts } = simulation
  return { depths, delays, receiverConcurrency: environments, batches, conflicts }
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
  batches = 0
  conflicts = 0
  readonly #model: StormModel
  readonly #partitions: PartitionServers
  readonly #schedule = new TinyQueue<ScheduledStep>([], (a, b) => a.atMs - b.atMs)
  readonly #waiting: StormMessage[] = []
  /** By user. */
  readonly #lastWriteMs = new Map<string, number>()
  #nowMs = 0
  #startedAtMs: number | undefined
  #runningBatches = 0
  #inFlight = 0

  constructor(model: StormModel) {
    this.#model = model
    this.#partitions = new PartitionServers(model.dynamodb.partitionUnitsPerSecond)
  }

  run(messages: readonly StormMessage[]): void {
    for (const message of messages) this.#schedule.push({ atMs: message.queuedAtMs, run: () => this.#enqueue(message) })
    for (let step = this.#schedule.pop(); step !== undefined; step = this.#schedule.pop()) {
      this.#nowMs = step.atMs
      step.run()
      this.depths.push({ atMs: this.#nowMs, waiting: this.#waiting.length, inFlight: this.#inFlight })
    }
  }

  #runAfter(ms: number, run: () => void): void {
    this.#schedule.push({ atMs: this.#nowMs + ms, run })
  }

  #enqueue(message: StormMessage): void {
    const { batchSize, windowMs } = this.#model.queue
    this.#waiting.push(message)
    this.#startedAtMs ??= this.#nowMs
    if (this.#waiting.length >= batchSize) this.#poll()
    else this.#runAfter(windowMs, () => this.#poll())
  }

  #allowedConcurrency(): number {
    const { initialConcurrency, concurrencyGrowthPerSecond, maxConcurrency } = this.#model.queue
    const elapsedMs = this.#nowMs - (this.#startedAtMs ?? this.#nowMs)
    return Math.min(maxConcurrency, Math.floor(initialConcurrency + (concurrencyGrowthPerSecond * elapsedMs) / 1000))
  }

  /** Takes a batch if it is full or its oldest message has waited for the batching window. */
  #poll(): void {
    const { batchSize, windowMs } = this.#model.queue
    while (this.#runningBatches < this.#allowedConcurrency() && this.#waiting.length > 0) {
      const isFull = this.#waiting.length >= batchSize
      if (!isFull && this.#nowMs - (this.#waiting[0]?.queuedAtMs ?? this.#nowMs) < windowMs) return
      const batch = this.#waiting.splice(0, batchSize)
      this.#runningBatches++
      this.batches++
      this.#inFlight += batch.length
      this.#apply(batch)
    }
  }

  #apply(batch: readonly StormMessage[]): void {
    const { apply, dynamodb } = this.#model
    const users = new Map(batch.map(({ userId, partitions }) => [userId, partitions.state]))
    const readAtMs = this.#nowMs + apply.requestMs
    const requests = batch.length + users.size
    const rounds = Math.ceil(users.size / apply.participantConcurrency)
    // Waiting for responses and CPU time overlap, so the longer one counts.
    const workMs = Math.max(rounds * 2 * apply.requestMs, requests * apply.cpuMsPerRequest)
    const throttledMs = Math.max(
      ...batch.flatMap(({ partitions: { log, timeline } }) => [
        this.#partitions.serve(log, this.#nowMs, 1),
        this.#partitions.serve(timeline, this.#nowMs, 1),
      ]),
      ...[...users.values()].map((state) => this.#partitions.serve(state, this.#nowMs, dynamodb.projectionUnits)),
    )
    this.#runAfter(Math.max(2 * apply.requestMs + workMs, throttledMs), () => this.#write(batch, users, readAtMs))
  }

  /** Projections that another batch wrote after our read are rebuilt from their history and written again. */
  #write(batch: readonly StormMessage[], users: ReadonlyMap<string, string>, readAtMs: number): void {
    const { apply, dynamodb } = this.#model
    const conflicting = [...users].filter(([userId]) => (this.#lastWriteMs.get(userId) ?? 0) > readAtMs)
    for (const userId of users.keys()) this.#lastWriteMs.set(userId, this.#nowMs)
    const conflicts = conflicting.length
    this.conflicts += conflicts
    const rounds = Math.ceil(conflicts / apply.participantConcurrency)
    const workMs = Math.max(rounds * 3 * apply.requestMs, 4 * conflicts * apply.cpuMsPerRequest)
    const throttledMs = conflicting.map(([, state]) =>
      this.#partitions.serve(state, this.#nowMs, dynamodb.projectionUnits),
    )
    this.#runAfter(Math.max(workMs, ...throttledMs), () => this.#finish(batch))
  }

  #finish(batch: readonly StormMessage[]): void {
    for (const { atMs } of batch) this.delays.push({ atMs: this.#nowMs, delayMs: this.#nowMs - atMs })
    this.#runningBatches--
    this.#inFlight -= batch.length
    this.#poll()
  }
}

/** Each partition serves write units in the order of the requests; its burst capacity is one second's worth. */
class PartitionServers {
  readonly #unitsPerSecond: number
  readonly #freeAtMs = new Map<string, number>()

  constructor(unitsPerSecond: number) {
    this.#unitsPerSecond = unitsPerSecond
  }

  /** @returns ms until the units are served. */
  serve(partition: string, nowMs: number, units: number): number {
    const startMs = Math.max(this.#freeAtMs.get(partition) ?? Number.NEGATIVE_INFINITY, nowMs - 1000)
    const freeAtMs = startMs + (units / this.#unitsPerSecond) * 1000
    this.#freeAtMs.set(partition, freeAtMs)
    return Math.max(0, freeAtMs - nowMs)
  }
}
