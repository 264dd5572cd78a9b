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
  /** Whether its actions are enabled at first. */
  readonly actionsEnabled: boolean
}

export interface AlarmStatus {
  readonly state: AlarmState
  readonly reason: string
  /** Epoch milliseconds: when the alarm entered the state. */
  readonly sinceMs: number
}

export interface AlarmStateChange {
  readonly alarm: AlarmDefinition
  readonly before: AlarmStatus
  readonly after: AlarmStatus
  /** Whether the actions of the alarm are switched off. */
  readonly isSilent: boolean
}

/** A CloudWatch alarm and its current state. */
export class EmulatedAlarm {
  readonly definition: AlarmDefinition
  status: AlarmStatus
  actionsEnabled: boolean

  /** @param nowMs epoch milliseconds. */
  constructor(definition: AlarmDefinition, nowMs: number) {
    this.definition = definition
    this.actionsEnabled = definition.actionsEnabled
    this.status = { state: 'INSUFFICIENT_DATA', reason: 'not evaluated yet', sinceMs: nowMs }
  }

  /** Updates the state from the stored metrics. @returns the state change, or undefined if the state is the same. */
  evaluate(store: MetricStore, nowMs: number): AlarmStateChange | undefined {
    const { state, reason } = evaluateRule(this.definition.rule, this.#datapoints(store, nowMs), this.status.state)
    return this.enter(state, reason, nowMs)
  }

  /** Sets the state. @returns the state change, or undefined if the state is the same. */
  enter(state: AlarmState, reason: string, nowMs: number): AlarmStateChange | undefined {
    const { definition: alarm, status: before } = this
    const isChanged = state !== before.state
    const after = { state, reason, sinceMs: isChanged ? nowMs : before.sinceMs }
    this.status = after
    return isChanged ? { alarm, before, after, isSilent: !this.actionsEnabled } : undefined
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
