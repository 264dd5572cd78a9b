/** Global secondary indexes: `timeline` of the event log, the others of the state table. */
export const indexes = {
  timeline: 'timeline',
  listing: 'listing',
  /** Sessions by user. */
  userSessions: 'visits',
} as const
