import { escapeControlCharacters } from '../escape-control-characters.ts'
import type { ServiceEvent } from '../events/event-bus.ts'
import { type AlarmDefinition, type AlarmStateChange, EmulatedAlarm } from './alarm.ts'
import { alarmEvent } from './alarm-event.ts'
import { alarmSubject, alarmTexts, type NotificationTexts } from './alarm-notification.ts'
import { readEmf } from './emf.ts'
import type { AlarmState } from './evaluate.ts'
import { MetricHistory } from './metric-history.ts'
import { type MetricIdentity, MetricStore } from './metric-store.ts'

const evaluationIntervalMs = 5000

/** Reads current values and passes them to `put`. */
type Gauge = (put: (metric: MetricIdentity, value: number) => void) => void

type PublishToTopic = (topicArn: string, subject: string, texts: NotificationTexts) => Promise<void>

/** Who learns of state changes: the topics of an alarm's actions, and the default event bus. */
interface MonitorOutputs {
  readonly publish: PublishToTopic
  readonly emit: (event: ServiceEvent) => void
  readonly log: (line: string) => void
}

/** Emulates CloudWatch: stores the metrics that alarms watch, and evaluates the alarms every few seconds. */
export class Monitor {
  readonly #store = new MetricStore()
  /** Of all metrics, for the API. */
  readonly history = new MetricHistory()
  readonly alarms: EmulatedAlarm[] = []
  readonly #gauges: Gauge[] = []
  readonly #outputs: MonitorOutputs
  #timer: NodeJS.Timeout | undefined
  #lastEvaluation: Promise<void> = Promise.resolve()

  constructor(outputs: MonitorOutputs) {
    this.#outputs = outputs
  }

  add(definition: AlarmDefinition): void {
    this.alarms.push(new EmulatedAlarm(definition, Date.now()))
    for (const { query } of definition.terms) this.#store.track(query, definition.rule.evaluationPeriods + 1)
  }

  addGauge(gauge: Gauge): void {
    this.#gauges.push(gauge)
  }

  put(metric: MetricIdentity, value: number): void {
    this.#store.put(metric, value, Date.now())
    this.history.put(metric, value, Date.now())
  }

  /** Stores the metrics that a function's log line contains in the embedded metric format. */
  putFromLogLine(line: string): void {
    for (const { metric, values } of readEmf(line)) for (const value of values) this.put(metric, value)
  }

  /** Returns the current state of every alarm. */
  list(): { name: string; state: string; reason: string }[] {
    return this.alarms.map(({ definition, status: { state, reason } }) => ({ name: definition.name, state, reason }))
  }

  /**
   * Sets the state of an alarm until the next evaluation, like the API `SetAlarmState`. Resolves when its notifications are
   * published.
   *
   * @throws Error if there is no such alarm.
   */
  setState(name: string, state: AlarmState): Promise<void> {
    const alarm = this.alarms.find(({ definition }) => definition.name === name)
    if (!alarm) throw new Error(`there is no alarm ${name}`)
    return this.#afterEvaluation(() => this.#report(alarm.enter(state, 'set by hand', Date.now())))
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.evaluate().catch((error: unknown) => this.#outputs.log(`alarms: ${String(error)}`))
    }, evaluationIntervalMs).unref()
  }

  /** Stops the timer and waits for the evaluation in progress. */
  stop(): Promise<void> {
    clearInterval(this.#timer)
    return this.#lastEvaluation.catch(() => {})
  }

  /** Evaluates every alarm now. Resolves when the notifications of all state changes are published. */
  evaluate(): Promise<void> {
    return this.#afterEvaluation(() => this.#evaluateAlarms())
  }

  #afterEvaluation(action: () => Promise<void>): Promise<void> {
    this.#lastEvaluation = this.#lastEvaluation.then(action, action)
    return this.#lastEvaluation
  }

  async #evaluateAlarms(): Promise<void> {
    for (const gauge of this.#gauges) gauge((metric, value) => this.put(metric, value))
    const nowMs = Date.now()
    for (const alarm of this.alarms) {
      await this.#report(alarm.evaluate(this.#store, nowMs))
    }
  }

  async #report(change: AlarmStateChange | undefined): Promise<void> {
    if (change === undefined) return
    const { emit, publish } = this.#outputs
    this.#logChange(change)
    emit(alarmEvent(change))
    for (const topicArn of change.isSilent ? [] : change.alarm.actions[change.after.state]) {
      await publish(topicArn, alarmSubject(change), alarmTexts(change))
    }
  }

  #logChange({ alarm, before, after }: AlarmStateChange): void {
    const { log } = this.#outputs
    const { state, reason } = after
    if (state === 'ALARM' || before.state === 'ALARM') log(`${state} ${alarm.name}: ${reason}`)
    if (state === 'ALARM') for (const line of alarm.description.split('\n')) log(`  | ${escapeControlCharacters(line)}`)
  }
}
