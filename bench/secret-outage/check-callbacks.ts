import type { AnsweredCallback, CallbackKind } from './mixed-load.ts'

/** The callbacks of a load by how they were answered. */
export type AnswerCounts = {
  readonly sent: number
  /** Answered with 200. */
  readonly accepted: number
  /** Answered with 401. */
  readonly refused: number
  /** Answered with 503. */
  readonly unavailable: number
  /** Answered otherwise or not at all. */
  readonly others: number
}

/** @param kind of the callbacks to count. @default all */
export function countAnswers(answered: readonly AnsweredCallback[], kind?: CallbackKind): AnswerCounts {
  const counted = answered.filter((callback) => kind === undefined || callback.kind === kind)
  const count = (status: number) => counted.filter((callback) => callback.status === status).length
  const [accepted, refused, unavailable] = [count(200), count(401), count(503)]
  const others = counted.length - accepted - refused - unavailable
  return { sent: counted.length, accepted, refused, unavailable, others }
}

/** What became of the callbacks after they had been answered. */
export type CallbackFates = {
  /** `trace_id` of each item of the event log. */
  readonly logged: readonly string[]
  /** Callbacks that apply-events refused. */
  readonly dropped: number
}

/** Counts the genuine callbacks that were not answered with 200, or are not in the log exactly once. */
export function countLost(answered: readonly AnsweredCallback[], logged: readonly string[]): number {
  const timesLogged = new Map<string, number>()
  for (const traceId of logged) timesLogged.set(traceId, (timesLogged.get(traceId) ?? 0) + 1)
  return answered.filter(
    ({ kind, status, traceId }) => kind === 'genuine' && (status !== 200 || timesLogged.get(traceId) !== 1),
  ).length
}

/**
 * Checks that all genuine callbacks were answered with 200, that forged and unsigned ones had no effect, and that each
 * forged one was refused at once or dropped later.
 *
 * @returns what is wrong, one line each.
 */
export function findCallbackMistakes(answered: readonly AnsweredCallback[], fates: CallbackFates): string[] {
  const genuine = countAnswers(answered, 'genuine')
  const forged = countAnswers(answered, 'forged')
  const unsigned = countAnswers(answered, 'unsigned')
  const refusable = new Set(answered.flatMap(({ kind, traceId }) => (kind === 'genuine' ? [] : [traceId])))
  const expectations: readonly (readonly [name: string, actual: number, expected: number])[] = [
    ['genuine callbacks that were not answered with 200', genuine.sent - genuine.accepted, 0],
    ['forged callbacks answered with neither 200 nor 401', forged.unavailable + forged.others, 0],
    ['forged callbacks dropped after the answer', fates.dropped, forged.accepted],
    ['unsigned callbacks that were not answered with 401', unsigned.sent - unsigned.refused, 0],
    ['forged or unsigned callbacks in the log', fates.logged.filter((traceId) => refusable.has(traceId)).length, 0],
  ]
  return expectations
    .filter(([, actual, expected]) => actual !== expected)
    .map(([name, actual, expected]) => `${name}: ${actual} instead of ${expected}`)
}
