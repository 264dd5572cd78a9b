import type { CallCount } from './endpoint/call-counts.ts'
import type { Fault } from './endpoint/faults.ts'
import type { Denial } from './endpoint/server.ts'
import type { InvocationOutcome } from './functions/invoke-by-name.ts'
import type { AlarmState } from './monitoring/evaluate.ts'
import type { DeliveryFault } from './polling/delivery-faults.ts'
import type { OutboxMessage } from './sns/outbox.ts'
import type { SnsSubscription } from './sns/sns-subscription.ts'

/** A template that is running on this machine. */
export interface TemplateRun {
  /** Base URL of the HTTP API. */
  readonly url: string
  /** The endpoint of every emulated AWS service. */
  readonly awsEndpointUrl: string
  readonly region: string
  readonly outputs: Readonly<Record<string, string>>
  /** The e-mail addresses and phone numbers that are subscribed to topics. */
  readonly subscriptions: readonly SnsSubscription[]
  /** The last 1,000 e-mails and text messages that AWS would have sent. */
  readonly outbox: readonly OutboxMessage[]
  /** Calls that the functions' roles did not allow. */
  readonly denials: readonly Denial[]
  /** Returns the current state of every alarm. */
  alarms(): { name: string; state: string; reason: string }[]
  /** Evaluates every alarm now instead of at the next interval. */
  evaluateAlarms(): Promise<void>
  /**
   * Sets the state of an alarm until the next evaluation, like the API `SetAlarmState`.
   *
   * @throws Error if there is no such alarm.
   */
  setAlarmState(name: string, state: AlarmState): Promise<void>
  /** Lists what the functions' roles allow. `principal` is the construct path of the function. */
  grants(): { principal: string; action: string; resource: string }[]
  /** Lists the calls made so far, by principal, action and resource. */
  calls(): CallCount[]
  /** Makes the queues that functions poll deliver worse, until the returned function is called. Replaces an earlier fault. */
  injectDelivery(fault: DeliveryFault): () => void
  /**
   * Makes the clock of a function wrong, from its next invocation on.
   *
   * @param functionName its construct path, the last segment of that, or its physical name.
   * @param ms 0 makes it right again.
   * @throws Error if no function or more than one matches.
   */
  shiftClock(functionName: string, ms: number): void
  /** Makes calls fail until the returned function is called. */
  inject(fault: Fault): () => void
  /**
   * Invokes a function directly.
   *
   * @param functionName its construct path, the last segment of that, or its physical name.
   * @throws Error if no function or more than one matches.
   */
  invoke(functionName: string, event: unknown): Promise<InvocationOutcome>
  /**
   * Ends the environments of a function, so that its next invocations start cold. Those that run an invocation end after it.
   *
   * @param functionName its construct path, the last segment of that, or its physical name.
   * @throws Error if no function or more than one matches.
   */
  recycle(functionName: string): Promise<void>
  /**
   * Resolves when the polled queues are empty, with nothing in flight, and no request or invocation is running.
   *
   * @param timeoutMs default 10,000.
   * @throws Error with the remaining counts when the timeout expires.
   */
  idle(timeoutMs?: number): Promise<void>
  /**
   * Lets running requests end and drains the queues, for at most 4.3 seconds.
   *
   * @returns the number of queued messages that were lost.
   */
  stop(): Promise<number>
}

/** A template whose resources exist, but whose pollers, schedules and alarms are not running yet. */
export interface DeployedTemplate {
  readonly url: string
  readonly outputs: Readonly<Record<string, string>>
  /** Replaces the value of a secret. Ignores undefined and ARNs that the stack does not contain. */
  replaceSecret(arn: string | undefined, value: string): void
  /**
   * The environment variables of a function.
   *
   * @param functionName its construct path, the last segment of that, or its physical name.
   * @throws Error if no function or more than one matches.
   */
  variablesOf(functionName: string): Readonly<Record<string, string>>
  /** Starts polling, schedules and alarm evaluation. */
  start(): TemplateRun
  /** Releases everything, if the template is not going to be started. */
  abandon(): Promise<void>
}
