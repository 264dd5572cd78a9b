// CloudWatch metrics that the functions emit (EMF); alarms and the dashboard read them by these names.
// One export each, imported as a namespace: a bundle then contains only the names that its function uses.

/** One per callback, with its outcome as a dimension; plain `accepted` callbacks are not counted. */
export const callbacks = 'Callbacks'

/** Accepted callbacks whose signature covers another text than usual, by the dimension `reading`; present only if there are any. */
export const otherReadings = 'OtherReadings'

// The outcomes of genuine callbacks, counted once their messages are done. Corrections count only if they are quarantined, too
// late, or fail.
export const eventsApplied = 'EventsApplied'
export const eventsStale = 'EventsStale'
export const eventsDuplicate = 'EventsDuplicate'
export const eventsQuarantined = 'EventsQuarantined'
/** Received so late that the log no longer had the events around them; kept in the quarantine. */
export const eventsTooLate = 'EventsTooLate'
/** Messages that are retried, those applied but not published included; once per receive. */
export const eventsFailed = 'EventsFailed'
/** Applied, but an alert or room event could not be published. */
export const eventsUnpublished = 'EventsUnpublished'
export const eventsUnknown = 'EventsUnknown'
export const projectionsRebuilt = 'ProjectionsRebuilt'
/** Projections that lack an event of a dead letter and could not be marked. */
export const marksFailed = 'MarksFailed'
/** Milliseconds from receipt of a genuine callback until the projection is updated. */
export const eventAge = 'EventAge'
export const alertsSent = 'AlertsSent'
export const alertsSuppressed = 'AlertsSuppressed'

/** Dead letters that were put back by themselves. Present only if there were any: each hour with a value costs. */
export const deadLettersRedriven = 'DeadLettersRedriven'

export const sweepFailures = 'SweepFailures'
/** Differences that a sweep found, and corrections that it sent. Present only if there are any: each hour with a value costs. */
export const driftFound = 'DriftFound'
export const corrections = 'Corrections'
/** Seconds since the first estimated open or join that no callback has followed. Present only while `callbacks_missing` is open. */
export const callbackSilence = 'CallbackSilence'
/** Reads of a secret that cannot be used, at most one a minute and environment. Without dimensions: all functions together. */
export const secretsUnusable = 'SecretsUnusable'
/** Attempts to send to a group robot that refuses messages or has failed for long. Present only if there are any: each hour with a value costs. */
export const robotsUnavailable = 'RobotsUnavailable'
