import type { Fault } from '@northbound/template-runner'
import type { LocalRun } from '../../../local/run.ts'

/** A call of AWS that a function makes. */
export interface FunctionCall {
  readonly service: string
  readonly action: string
}

/** A call at which a function is killed. */
export interface KillPoint {
  /** The number of the call, from 0. */
  readonly index: number
  /** Whether the call takes effect before the function is killed. */
  readonly isLate: boolean
}

/** Selects the points at which a function is killed, from the calls that it makes. */
export type SelectPoints = (calls: readonly FunctionCall[]) => readonly KillPoint[]

/** Before and after every call. */
export const everyPoint: SelectPoints = (calls) =>
  calls.flatMap((_, index) => [false, true].map((isLate) => ({ index, isLate })))

const reads = /^(Query|GetItem|BatchGetItem|GetSecretValue|GetQueueAttributes|Scan)$/

/** After every call that changes something. What is stored is the same after any call that follows and only reads. */
export const afterEveryWrite: SelectPoints = (calls) =>
  calls.flatMap(({ action }, index) => (reads.test(action) ? [] : [{ index, isLate: true }]))

/** After the calls that change something and are beside one of another service: there, something could go missing. */
export const afterWritesAtBorders: SelectPoints = (calls) => {
  const writes = afterEveryWrite(calls)
  const serviceOf = (number: number) => calls[writes[number]?.index ?? -1]?.service
  const isBesideOther = (number: number) =>
    [number - 1, number + 1].some((other) => serviceOf(other) !== serviceOf(number))
  return writes.filter((_, number) => isBesideOther(number))
}

/** The name of the attempt that is not disturbed. */
export const undisturbed = 'undisturbed'

/**
 * Does the work of a function under a name: prepares it, makes the function work within `disturb`, and then makes it repeat the work
 * until it is done.
 */
export type Attempt = (name: string, disturb: (work: () => Promise<unknown>) => Promise<void>) => Promise<void>

/**
 * Lets a function work undisturbed, and then kills it in one attempt after the other, each time at another point.
 *
 * @param principal the function.
 * @returns the names of the attempts, and the calls at which the function was killed. A few attempts may make fewer calls than the
 * undisturbed one, so that the function was not killed in them.
 */
export async function walkCalls(
  run: LocalRun,
  principal: string,
  selectPoints: SelectPoints,
  attempt: Attempt,
): Promise<{ readonly names: readonly string[]; readonly killed: readonly FunctionCall[] }> {
  const calls: FunctionCall[] = []
  const names: string[] = []
  const killed: FunctionCall[] = []
  const injectDuring = (fault: Fault) => async (work: () => Promise<unknown>) => {
    const remove = run.inject({ principal, ...fault })
    await work()
    remove()
  }
  await attempt(undisturbed, injectDuring({ effect: 'delay', onFailure: (call) => calls.push(call) }))
  for (const { index, isLate } of selectPoints(calls)) {
    const name = `killed-${isLate ? 'after' : 'before'}-${String(index).padStart(3, '0')}`
    const onFailure = (call: FunctionCall) => killed.push(call)
    await attempt(name, injectDuring({ effect: 'kill', isLate, afterCalls: index, maxFailures: 1, onFailure }))
    names.push(name)
  }
  return { names, killed }
}
