import { type AlarmRule, type AlarmState, evaluateRule, isBreaching } from './evaluate.ts'
import type { MetricQuery, MetricStore } from './metric-store.ts'

/** A metric, and the value to assume for a period without data. */
export interface AlarmTerm {
  readonly query: MetricQuery
  readonly fill: number | undefined
}

export interface AlarmDefinition {
  readonly name: string
  readonly arn: string
  readonly description: string
  readonly rule: AlarmRule
  /** The alarm watches the sum of its terms. */
  readonly terms: readonly AlarmTerm[]
  readonly periodSeconds: number
  /** ARNs of the topics to notify, by the state that the alarm enters. */
  readonly actions: Readonly<Record<AlarmState, readonly string[]>>
}

export interface AlarmStateChange {
  readonly alarm: AlarmDefinition
  readonly from: AlarmState
  readonly to: AlarmState
  readonly reason: string
  /** Epoch milliseconds. */
  readonly changedAtMs: number
}

/** A CloudWatch alarm and its current state. */
export class EmulatedAlarm {
  readonly definition: AlarmDefinition
  state: AlarmState = 'INSUFFICIENT_DATA'
  reason = 'not evaluated yet'

  constructor(definition: AlarmDefinition) {
    this.definition = definition
  }

  /** Updates the state from the stored metrics. @returns the state change, or undefined if the state is the same. */
  evaluate(store: MetricStore, nowMs: number): AlarmStateChange | undefined {
    const { definition, state: from } = this
    const { state: to, reason } = evaluateRule(definition.rule, this.#datapoints(store, nowMs), from)
    this.state = to
    this.reason = reason
    return to === from ? undefined : { alarm: definition, from, to, reason, changedAtMs: nowMs }
  }

  /**
   * Returns the datapoints, latest first. The current period is included only once it breaches. Before that its data
   * is incomplete, and counting it would clear the alarm at the start of every period.
   */
  #datapoints(store: MetricStore, nowMs: number): (number | undefined)[] {
    const { rule, terms } = this.definition
    const readSum = (periodsAgo: number): number | undefined => {
      const values = terms.map(({ query, fill }) => store.read(query, nowMs, periodsAgo) ?? fill)
      return values.every((value) => value !== undefined) ? values.reduce((sum, value) => sum + value, 0) : undefined
    }
    const current = readSum(0)
    const first = current !== undefined && isBreaching(rule, current) ? 0 : 1
    return Array.from({ length: rule.evaluationPeriods }, (_, index) => readSum(first + index))
  }
}
