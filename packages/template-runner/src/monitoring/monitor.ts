import { escapeControlCharacters } from '../escape-control-characters.ts'
import { type AlarmDefinition, type AlarmStateChange, EmulatedAlarm } from './alarm.ts'
import { alarmSubject, alarmTexts, type NotificationTexts } from './alarm-notification.ts'
import { readEmf } from './emf.ts'
import { type MetricIdentity, MetricStore } from './metric-store.ts'

const evaluationIntervalMs = 5000

/** Reads current values and passes them to `put`. */
type Gauge = (put: (metric: MetricIdentity, value: number) => void) => void

type PublishToTopic = (topicArn: string, subject: string, texts: NotificationTexts) => Promise<void>

/** Emulates CloudWatch: stores the metrics that alarms watch, and evaluates the alarms every few seconds. */
export class Monitor {
  readonly #store = new MetricStore()
  readonly #alarms: EmulatedAlarm[] = []
  readonly #gauges: Gauge[] = []
  readonly #publish: PublishToTopic
  readonly #log: (line: string) => void
  #timer: NodeJS.Timeout | undefined
  #lastEvaluation: Promise<void> = Promise.resolve()

  constructor(publish: PublishToTopic, log: (line: string) => void) {
    this.#publish = publish
    this.#log = log
  }

  add(definition: AlarmDefinition): void {
    this.#alarms.push(new EmulatedAlarm(definition))
    for (const { query } of definition.terms) this.#store.track(query, definition.rule.evaluationPeriods + 1)
  }

  addGauge(gauge: Gauge): void {
    this.#gauges.push(gauge)
  }

  put(metric: MetricIdentity, value: number): void {
    this.#store.put(metric, value, Date.now())
  }

  /** Stores the metrics that a function's log line contains in the embedded metric format. */
  putFromLogLine(line: string): void {
    for (const { metric, values } of readEmf(line)) for (const value of values) this.put(metric, value)
  }

  /** Returns the current state of every alarm. */
  list(): { name: string; state: string; reason: string }[] {
    return this.#alarms.map(({ definition, state, reason }) => ({ name: definition.name, state, reason }))
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.evaluate().catch((error: unknown) => this.#log(`alarms: ${String(error)}`))
    }, evaluationIntervalMs).unref()
  }

  /** Stops the timer and waits for the evaluation in progress. */
  stop(): Promise<void> {
    clearInterval(this.#timer)
    return this.#lastEvaluation.catch(() => {})
  }

  /** Evaluates every alarm now. Resolves when the notifications of all state changes are published. */
  evaluate(): Promise<void> {
    this.#lastEvaluation = this.#lastEvaluation.then(
      () => this.#evaluateAlarms(),
      () => this.#evaluateAlarms(),
    )
    return this.#lastEvaluation
  }

  async #evaluateAlarms(): Promise<void> {
    for (const gauge of this.#gauges) gauge((metric, value) => this.put(metric, value))
    const nowMs = Date.now()
    for (const alarm of this.#alarms) {
      const change = alarm.evaluate(this.#store, nowMs)
      if (change) await this.#report(change)
    }
  }

  async #report(change: AlarmStateChange): Promise<void> {
    const { alarm, from, to, reason } = change
    if (to === 'ALARM' || from === 'ALARM') this.#log(`${to} ${alarm.name}: ${reason}`)
    if (to === 'ALARM') {
      for (const line of alarm.description.split('\n')) this.#log(`  | ${escapeControlCharacters(line)}`)
    }
    for (const topicArn of alarm.actions[to]) {
      await this.#publish(topicArn, alarmSubject(change), alarmTexts(change))
    }
  }
}
