import type { WarningKind } from '../notifications/warning-event.ts'

/** Which warnings: those of one kind about one media server. */
export type WarningSubject = { readonly kind: WarningKind; readonly box_code: string }

/** Warnings that alerted and have had no all-clear yet. Times in ms since 1970. */
export type OpenWarning = WarningSubject & {
  /** When the first warning was received that caused an alert. */
  readonly since: number
  /** When the latest warning was received that caused an alert. */
  readonly lastAlertAt: number
  /** When the latest warning about the media server was received, also one that was suppressed. */
  readonly lastWarningAt: number
}

/** Records that an alert about a warning was sent, so that its all-clear can follow. */
export interface OpenWarningRecorder {
  /** @param at ms since 1970: when the warning was received. */
  record(subject: WarningSubject, at: number, signal?: AbortSignal): Promise<void>
}

export interface OpenWarnings {
  list(signal?: AbortSignal): Promise<readonly OpenWarning[]>
  /** Removes the warning unless another alert about it has been recorded since it was listed. */
  remove(warning: OpenWarning, signal?: AbortSignal): Promise<void>
}
