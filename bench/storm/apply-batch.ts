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
  /** How often it was folded again from the log. */
  readonly refolds: number
}

const neverStored: StoredProjection = {
  version: 0,
  applied: new Set(),
  watermarkMs: Number.NEGATIVE_INFINITY,
  refolds: 0,
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
    const { groupSize, groupConcurrency } = this.#settings
    const deadlineMs = this.#aws.time.nowMs + this.#settings.budgetMs
    const failed: StormArrival[] = []
    const streams = [...Map.groupBy(batch, ({ stream }) => stream)].sort(([a], [b]) => (a < b ? -1 : 1))
    const groups = Array.from({ length: Math.ceil(streams.length / groupSize) }, (_, index) =>
      streams.slice(index * groupSize, (index + 1) * groupSize),
    )
    const applyGroup = (group: readonly Stream[]) => this.#applyGroup(instance, group, { deadlineMs, failed })
    yield* mapTasks(groups, groupConcurrency, applyGroup)
    // The rooms, after all writes.
    yield* instance.request()
    const publications = Array.from({ length: Math.ceil(batch.length / messagesPerPublication) })
    yield* mapTasks(publications, publishConcurrency, () => instance.request())
    // The count of events; the client for it does not wait for throttled requests.
    yield* instance.request()
    return failed
  }

  *#applyGroup(
    instance: SimulatedFunction,
    group: readonly Stream[],
    batch: Pick<StreamBatch, 'deadlineMs' | 'failed'>,
  ): Task {
    yield* instance.request()
    const read = new Map(group.map(([stream]) => [stream, this.#find(stream)]))
    yield* mapTasks(group, this.#settings.projectionConcurrency, ([stream, events]) =>
      this.#applyStream(instance, { ...batch, stream, events, read: read.get(stream) ?? neverStored }),
    )
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
    const { stream, events, read, deadlineMs, failed } = batch
    const { time, usage } = this.#aws
    const appended = events.filter((event) => logged.has(event))
    let current = read
    while (time.nowMs < deadlineMs) {
      const isFoldedAgain = this.#mayHaveApplied(read, current) || isLate(appended, current)
      if (isFoldedAgain) yield* instance.requestSteps(this.#settings.historyReads)
      const applied = new Set([...current.applied, ...(isFoldedAgain ? logged : appended)])
      const isCurrent = () => this.#find(stream).version === current.version
      const plan = () =>
        isCurrent() ? planProjection(current.applied, applied) : planFailure(this.#find(stream).applied)
      if ((yield* instance.write(plan, deadlineMs)) === 'gave_up') break
      if (isCurrent()) {
        this.#projections.set(stream, {
          version: current.version + 1,
          applied,
          watermarkMs: Math.max(...Array.from(applied, ({ atMs }) => atMs)),
          refolds: current.refolds + (isFoldedAgain ? 1 : 0),
        })
        return
      }
      usage.conflicts++
      yield* instance.request()
      current = this.#find(stream)
    }
    failed.push(...appended)
  }

  /** Whether another batch may have found the events in the log: `mayHaveApplied` in `core/projection/project.ts`. */
  #mayHaveApplied(before: StoredProjection, { refolds, applied }: StoredProjection): boolean {
    return refolds !== before.refolds || applied.size - before.applied.size >= this.#settings.maxRecentEvents
  }
}

type Stream = readonly [stream: string, events: readonly StormArrival[]]

/** The events of one projection in a batch. */
type StreamBatch = {
  readonly stream: string
  readonly events: readonly StormArrival[]
  /** The projection as its group was read. */
  readonly read: StoredProjection
  readonly deadlineMs: number
  readonly failed: StormArrival[]
}

/** Whether a later event has been applied already. */
function isLate(events: readonly StormArrival[], { watermarkMs }: StoredProjection): boolean {
  return events.some(({ atMs }) => atMs <= watermarkMs)
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
