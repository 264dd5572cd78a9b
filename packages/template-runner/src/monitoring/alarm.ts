import { type AlarmRule, type AlarmState, breaches, evaluate } from './evaluate.ts'
import type { MetricQuery, MetricStore } from './metric-store.ts'

/** A figure, and what stands for it in a period without one. */
export interface Term {
  readonly query: MetricQuery
  readonly fill: number | undefined
}

export interface AlarmDefinition {
  readonly name: string
  readonly arn: string
  readonly description: string
  readonly rule: AlarmRule
  /** The alarm watches their sum. */
  readonly terms: readonly Term[]
  readonly periodSeconds: number
  /** Topics, by the state that is told. */
  readonly actions: Readonly<Record<AlarmState, readonly string[]>>
}

export interface Change {
  readonly alarm: AlarmDefinition
  readonly from: AlarmState
  readonly to: AlarmState
  readonly reason: string
  /** Epoch milliseconds. */
  readonly at: number
}

/** An alarm and the state that it is in. */
export class Alarm {
  readonly definition: AlarmDefinition
  state: AlarmState = 'INSUFFICIENT_DATA'
  reason = 'not evaluated yet'

  constructor(definition: AlarmDefinition) {
    this.definition = definition
  }

  /** Looks at the figures; @returns the change of state, if there is one. */
  look(store: MetricStore, now: number): Change | undefined {
    const { definition, state: from } = this
    const { state: to, reason } = evaluate(definition.rule, this.#datapoints(store, now), from)
    this.state = to
    this.reason = reason
    return to === from ? undefined : { alarm: definition, from, to, reason, at: now }
  }

  /**
   * The latest first. The running period counts at once where it breaches, which more figures will not undo; otherwise
   * it is too early to say, and an alarm would be over at the beginning of every period.
   */
  #datapoints(store: MetricStore, now: number): (number | undefined)[] {
    const { rule, terms } = this.definition
    const at = (before: number): number | undefined => {
      const values = terms.map(({ query, fill }) => store.read(query, now, before) ?? fill)
      return values.every((value) => value !== undefined) ? values.reduce((sum, value) => sum + value, 0) : undefined
    }
    const running = at(0)
    const first = running !== undefined && breaches(rule, running) ? 0 : 1
    return Array.from({ length: rule.evaluationPeriods }, (_, index) => at(first + index))
  }
}
