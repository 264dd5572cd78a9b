import { visible } from '../sns/outbox.ts'
import { Alarm, type AlarmDefinition, type Change } from './alarm.ts'
import { readEmf } from './emf.ts'
import { type MetricName, MetricStore } from './metric-store.ts'

const everyMilliseconds = 5000

/** Puts a gauge's figure of now into the store. */
export type Gauge = (put: (metric: MetricName, value: number) => void) => Promise<void>

/** Tells a topic; a text for each protocol, `default` for the others. */
export type Tell = (
  topicArn: string,
  subject: string,
  texts: { default: string } & Record<string, string>,
) => Promise<void>

/** Plays CloudWatch: keeps the figures that the alarms ask for, and lets them look at those every few seconds. */
export class Monitor {
  readonly #store = new MetricStore()
  readonly #alarms: Alarm[] = []
  readonly #gauges: Gauge[] = []
  readonly #tell: Tell
  readonly #log: (line: string) => void
  #timer: NodeJS.Timeout | undefined
  #turn: Promise<void> = Promise.resolve()

  constructor(tell: Tell, log: (line: string) => void) {
    this.#tell = tell
    this.#log = log
  }

  add(definition: AlarmDefinition): void {
    this.#alarms.push(new Alarm(definition))
    for (const { query } of definition.terms) this.#store.want(query, definition.rule.evaluationPeriods + 1)
  }

  addGauge(gauge: Gauge): void {
    this.#gauges.push(gauge)
  }

  put(metric: MetricName, value: number): void {
    this.#store.put(metric, value, Date.now())
  }

  /** Takes the figures from a line of a function's log, if it has any. */
  readLine(line: string): void {
    for (const { metric, values } of readEmf(line)) for (const value of values) this.put(metric, value)
  }

  /** The alarms as they stand. */
  list(): { name: string; state: string; reason: string }[] {
    return this.#alarms.map(({ definition, state, reason }) => ({ name: definition.name, state, reason }))
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.evaluate().catch((error: unknown) => this.#log(`alarms: ${String(error)}`))
    }, everyMilliseconds).unref()
  }

  stop(): Promise<void> {
    clearInterval(this.#timer)
    return this.#turn.catch(() => {})
  }

  /** Lets every alarm look at the figures now; resolves when the topics are told of what changed. */
  evaluate(): Promise<void> {
    this.#turn = this.#turn.then(
      () => this.#look(),
      () => this.#look(),
    )
    return this.#turn
  }

  async #look(): Promise<void> {
    for (const gauge of this.#gauges) await gauge((metric, value) => this.put(metric, value))
    const now = Date.now()
    for (const alarm of this.#alarms) {
      const change = alarm.look(this.#store, now)
      if (change) await this.#say(change)
    }
  }

  async #say(change: Change): Promise<void> {
    const { alarm, from, to, reason } = change
    if (to === 'ALARM' || from === 'ALARM') this.#log(`${to} ${alarm.name}: ${reason}`)
    if (to === 'ALARM') for (const line of alarm.description.split('\n')) this.#log(`  | ${visible(line)}`)
    for (const topicArn of alarm.actions[to]) await this.#tell(topicArn, aggregateOf(change), textsOf(change))
  }
}

function aggregateOf({ alarm, to }: Change): string {
  return `${to}: "${alarm.name}" in US East (N. Virginia)`.slice(0, 99)
}

/** As CloudWatch does: JSON for programs, words for people, and no more than the subject for a phone. */
function textsOf(change: Change): Parameters<Tell>[2] {
  const { alarm, to, reason } = change
  const email = `The alarm "${alarm.name}" is in the state ${to}: ${reason}\n\n${alarm.description}\n`
  return { default: messageOf(change), email, sms: aggregateOf(change) }
}

/** As CloudWatch writes it. */
function messageOf({ alarm, from, to, reason, at }: Change): string {
  const [, , , region, accountId] = alarm.arn.split(':')
  const { comparison, threshold, evaluationPeriods, datapointsToAlarm, missingData } = alarm.rule
  return JSON.stringify({
    AlarmName: alarm.name,
    AlarmDescription: alarm.description,
    AWSAccountId: accountId,
    AlarmConfigurationUpdatedTimestamp: new Date(at).toISOString(),
    NewStateValue: to,
    NewStateReason: `Threshold Crossed: ${reason}`,
    StateChangeTime: new Date(at).toISOString(),
    Region: region,
    AlarmArn: alarm.arn,
    OldStateValue: from,
    OKActions: alarm.actions.OK,
    AlarmActions: alarm.actions.ALARM,
    InsufficientDataActions: alarm.actions.INSUFFICIENT_DATA,
    Trigger: {
      Metrics: alarm.terms.map(({ query }) => query),
      Period: alarm.periodSeconds,
      EvaluationPeriods: evaluationPeriods,
      DatapointsToAlarm: datapointsToAlarm,
      ComparisonOperator: comparison,
      Threshold: threshold,
      TreatMissingData: missingData,
    },
  })
}
