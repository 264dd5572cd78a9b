import type { CallCount } from './endpoint/call-counts.ts'
import type { Fault } from './endpoint/faults.ts'
import type { Denial } from './endpoint/server.ts'
import type { InvocationOutcome } from './functions/invoke-by-name.ts'
import type { Subscription } from './resources/subscriptions.ts'
import type { OutboxMessage } from './sns/outbox.ts'

/** A template while it runs on this machine. */
export interface TemplateRun {
  /** Base URL of the HTTP API. */
  readonly url: string
  readonly awsEndpointUrl: string
  readonly region: string
  readonly outputs: Readonly<Record<string, string>>
  /** The people whom the topics' messages are meant for. */
  readonly subscriptions: readonly Subscription[]
  /** The e-mails and text messages that would have gone out; the last thousand. */
  readonly outbox: readonly OutboxMessage[]
  /** The alarms of the stack, as they stand. */
  alarms(): { name: string; state: string; reason: string }[]
  /** Lets every alarm look at the figures now, not only every few seconds. */
  evaluateAlarms(): Promise<void>
  /** Calls that the functions' roles did not allow, so far. */
  readonly denials: readonly Denial[]
  /** What the functions' roles allow, by the construct path of the function. */
  grants(): { principal: string; action: string; resource: string }[]
  /** What was called so far, by whom, on what, how often. */
  calls(): CallCount[]
  /** Makes calls fail until the returned function is called. */
  inject(fault: Fault): () => void
  /**
   * Invokes a function, whatever else invokes it.
   *
   * @param functionName its construct path, the last part of that, or its name.
   * @throws Error where that is not one function.
   */
  invoke(functionName: string, event: unknown): Promise<InvocationOutcome>
  /**
   * Resolves when the polled queues are empty, with nothing in flight, and no function runs.
   *
   * @param timeoutMs default 10,000.
   * @throws Error saying what is still under way when the time is over.
   */
  idle(timeoutMs?: number): Promise<void>
  /**
   * Lets running requests end and empties the queues, as far as 4 seconds go.
   *
   * @returns how many acknowledged events could not be applied in that time.
   */
  stop(): Promise<number>
}

/** A template whose resources exist, but whose pollers, schedules and alarms do not run yet. */
export interface DeployedTemplate {
  readonly url: string
  readonly outputs: Readonly<Record<string, string>>
  /** Replaces the value of a secret. An ARN that is not in the stack is ignored. */
  replaceSecret(arn: string | undefined, value: string): void
  /** Starts polling, schedules and alarm evaluation. */
  start(): TemplateRun
  /** Undoes a start that cannot go on. */
  abandon(): Promise<void>
}
