/** CloudWatch metrics that the functions emit (EMF): the alarms and the dashboard read them by these names. */
export const metricNames = {
  /** One per callback, with the dimension `outcome`; plain `accepted` callbacks are not counted. */
  callbacks: 'Callbacks',

  eventsApplied: 'EventsApplied',
  eventsStale: 'EventsStale',
  eventsDuplicate: 'EventsDuplicate',
  eventsQuarantined: 'EventsQuarantined',
  eventsFailed: 'EventsFailed',
  /** Applied, but an alert or room event could not be published. */
  eventsUnpublished: 'EventsUnpublished',
  eventsUnknown: 'EventsUnknown',
  /** Milliseconds from receipt until the projection is updated. */
  eventAge: 'EventAge',
  alertsSent: 'AlertsSent',
  alertsSuppressed: 'AlertsSuppressed',

  /** Milliseconds. */
  sweepDuration: 'SweepDuration',
  sweepFailures: 'SweepFailures',
  roomsObserved: 'RoomsObserved',
  roomsStored: 'RoomsStored',
  usersObserved: 'UsersObserved',
  usersStored: 'UsersStored',
  driftFound: 'DriftFound',
  corrections: 'Corrections',
} as const

export type MetricName = (typeof metricNames)[keyof typeof metricNames]
