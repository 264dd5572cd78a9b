import type { Command } from '../protocol/command.ts'
import type { Envelope } from '../protocol/envelope.ts'
import type { UnverifiedCallback } from '../protocol/unverified-callback.ts'

export interface EventQueue {
  /**
   * The deadline is a number instead of a signal: each request has a signal of its own, and a further signal per callback
   * would cost CPU time on the hot path.
   *
   * @param deadline ms since 1970.
   * @throws if the queue did not accept the event by then.
   */
  send(envelope: Envelope, deadline: number): Promise<'accepted' | 'too_large'>
  /**
   * Sends a callback that apply-events must verify.
   *
   * @param deadline ms since 1970.
   * @throws if the queue did not accept the callback by then.
   */
  sendUnverified(callback: UnverifiedCallback, deadline: number): Promise<'accepted' | 'too_large'>
}

export interface CommandQueue {
  /** Sending a command twice has no effect. @throws if the queue did not accept all of them after several attempts. */
  sendAll(commands: readonly Command[], signal?: AbortSignal): Promise<void>
}

export interface CorrectionQueue {
  /** Approximate number of messages, of any kind, that have not been received yet. */
  countVisible(signal?: AbortSignal): Promise<number>
  /** Sending an event twice has no effect. @throws if the queue did not accept all of them after several attempts. */
  sendAll(envelopes: readonly Envelope[], signal?: AbortSignal): Promise<void>
}

/** A received message that failed. */
export type DelayedMessage = {
  readonly receiptHandle: string
  /** How long the message stays hidden, from now. */
  readonly delaySeconds: number
}

export type DelayFailure = { readonly message: DelayedMessage; readonly error: Error }

export interface RetryQueue {
  /**
   * Decides when received messages are received again. Never rejects: a message whose delay could not be set comes again
   * after the visibility timeout of the queue.
   *
   * @returns the messages whose delay could not be set.
   */
  delayAll(messages: readonly DelayedMessage[], signal?: AbortSignal): Promise<readonly DelayFailure[]>
}
