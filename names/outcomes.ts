/** Dimension of the metric `Callbacks`. */
export const outcomeDimension = 'outcome'
/** Dimension of the metric `OtherReadings`. */
export const readingDimension = 'reading'

/** `accepted_unverified`: queued for apply-events to verify, because the key could not be read. */
export const acceptedOutcomes = ['accepted', 'accepted_with_previous_key', 'accepted_unverified'] as const

/** Why a callback was refused with 4xx; `GET /api/callbacks` shows how many. */
export const rejectionOutcomes = [
  'check_code_missing',
  'check_code_wrong',
  'identity_missing',
  'unreadable',
  'address_not_allowed',
  'method_not_allowed',
  'too_large',
] as const

/** Why a callback was refused. */
export const refusalOutcomes = [
  ...rejectionOutcomes,
  'queue_unavailable',
  'failed',
  /** An operator's check that a callback with a wrong `check_code` is refused: no sample is kept, and no alarm counts it. */
  'probe_refused',
] as const

export type RefusalOutcome = (typeof refusalOutcomes)[number]

/** What became of a callback: the value of the dimension `outcomeDimension`. */
export type CallbackOutcome = (typeof acceptedOutcomes)[number] | RefusalOutcome
