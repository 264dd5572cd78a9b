import type { PartitionUnits } from '@northbound/template-runner'
import type { ApplySettings, StormArrival } from './model.ts'
import type { SimulatedAws, SimulatedFunction } from './simulated-function.ts'
import { mapTasks, type Task } from './simulated-time.ts'

const messagesPerPublication = 10
const publishConcurrency = 4

type StoredProjection = {
  readonly version: number
  readonly applied: ReadonlySet<StormArrival>
  /** When the last applied event arrived. */
  readonly watermarkMs: number
}

const neverStored: StoredProjection = {
  version: 0,
  applied: new Set(),
  watermarkMs: Number.NEGATIVE_INFINITY,
}

/** `apply-events` as a sequence of requests, and the tables that it writes. */
export class SimulatedApplier {
  readonly #aws: SimulatedAws
  readonly #settings: ApplySettings
  /** By stream. */
  readonly #projections = new Map<string, StoredProjection>()
  readonly #logged = new Map<string, Set<StormArrival>>()

  constructor(aws: SimulatedAws, settings: ApplySettings) {
    this.#aws = aws
    this.#settings = settings
  }

  /** Applies a batch as `lambdas/apply-events/apply-batch.ts` does. @returns the events to be delivered again. */
  *applyBatch(instance: SimulatedFunction, batch: readonly StormArrival[]): Task<StormArrival[]> {
    const deadlineMs = this.#aws.time.nowMs + this.#settings.budgetMs
    const failed: StormArrival[] = []
    const streams = Map.groupBy(batch, ({ stream }) => stream)
    // All projections of the batch, then its rooms after all writes.
    yield* instance.request()
    const read = new Map(Array.from(streams.keys(), (stream) => [stream, this.#find(stream)]))
    const applyStream = ([stream, events]: [string, StormArrival[]]) =>
      this.#applyStream(instance, { stream, events, read: read.get(stream) ?? neverStored, deadlineMs, failed })
    yield* mapTasks(streams, this.#settings.participantConcurrency, applyStream)
    yield* instance.request()
    const publications = Array.from({ length: Math.ceil(batch.length / messagesPerPublication) })
    yield* mapTasks(publications, publishConcurrency, () => instance.request())
    // The count of events; the client for it does not wait for throttled requests.
    yield* instance.request()
    return failed
  }

  #find(stream: string): StoredProjection {
    return this.#projections.get(stream) ?? neverStored
  }

  *#applyStream(instance: SimulatedFunction, batch: StreamBatch): Task {
    const logged = this.#logged.get(batch.stream) ?? new Set()
    this.#logged.set(batch.stream, logged)
    const log = function* (event: StormArrival): Task {
      // An event that was logged by an earlier delivery is not logged again.
      if (logged.has(event)) return yield* instance.request()
      if ((yield* instance.write(() => event.logWrites, batch.deadlineMs)) === 'written') logged.add(event)
      else batch.failed.push(event)
    }
    yield batch.events.map(log)
    if (batch.events.some((event) => logged.has(event))) yield* this.#updateProjection(instance, batch, logged)
  }

  *#updateProjection(instance: SimulatedFunction, batch: StreamBatch, logged: ReadonlySet<StormArrival>): Task {
    const { stream, events, deadlineMs, failed } = batch
    const { time, usage } = this.#aws
    const { conflictReads, lateReads } = this.#settings
    const appended = events.filter((event) => logged.has(event))
    let current = batch.read
    let isFoldedAgain = appended.some(({ atMs }) => atMs <= current.watermarkMs)
    if (isFoldedAgain) yield* instance.requestSteps(lateReads)
    for (;;) {
      const applied = new Set([...current.applied, ...(isFoldedAgain ? logged : appended)])
      const isCurrent = () => this.#find(stream).version === current.version
      const plan = () =>
        isCurrent() ? planProjection(current.applied, applied) : planFailure(this.#find(stream).applied)
      if ((yield* instance.write(plan, deadlineMs)) === 'gave_up') {
        failed.push(...appended)
        return
      }
      if (isCurrent()) {
        this.#projections.set(stream, {
          version: current.version + 1,
          applied,
          watermarkMs: Math.max(...Array.from(applied, ({ atMs }) => atMs)),
        })
        return
      }
      usage.conflicts++
      yield* instance.requestSteps(conflictReads)
      current = this.#find(stream)
      isFoldedAgain = true
      if (time.nowMs >= deadlineMs) {
        failed.push(...appended)
        return
      }
    }
  }
}

/** The events of one projection in a batch. */
type StreamBatch = {
  readonly stream: string
  readonly events: readonly StormArrival[]
  /** The projection at the start of the batch. */
  readonly read: StoredProjection
  readonly deadlineMs: number
  readonly failed: StormArrival[]
}

function planProjection(before: ReadonlySet<StormArrival>, after: ReadonlySet<StormArrival>): PartitionUnits[] {
  return [...planFailure(after), ...[...after.difference(before)].flatMap(({ indexWrites }) => indexWrites)]
}

/** A failed condition uses the units of the stored projection. */
function planFailure(applied: ReadonlySet<StormArrival>): PartitionUnits[] {
  const [first] = applied
  if (first === undefined) return []
  const { partition, unitsByEvents } = first.projection
  return [{ partition, units: unitsByEvents[applied.size - 1] ?? unitsByEvents.at(-1) ?? 1 }]
}
