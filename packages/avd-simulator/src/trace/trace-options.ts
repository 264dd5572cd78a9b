/** What happens in the installation. Shares are between 0 and 1 and refer to sessions: one stay of a user in a room. */
export interface TraceOptions {
  readonly seed: number
  readonly days: number
  /** Scheduled meetings on each day, each in a room of its own. */
  readonly meetingsPerDay: number
  /** Rooms that are never closed. */
  readonly permanentRooms: number
  /** Rooms that are used every day and close whenever they are empty. */
  readonly recurringRooms: number
  /** Sessions on each day to each permanent or recurring room. */
  readonly sessionsPerDay: number
  /** Media servers; each opening of a room is on one of them. */
  readonly servers: number
  /** Crashes of one media server on each day, in working hours. */
  readonly crashesPerDay: number
  /** Users who join on a second device, which kicks the first. */
  readonly secondDeviceShare: number
  /** Clients that lose their connection and join again before the old one times out. */
  readonly reconnectShare: number
  /** Of those clients, again and again: the ones whose connection breaks once more within a minute. */
  readonly repeatedReconnectShare: number
  /** Of those clients, the ones that are gone for good soon after they joined again. */
  readonly deadAfterReconnectShare: number
  /** Clients that are reloaded: they leave and join again within seconds. */
  readonly reloadShare: number
  /** Users whose client is killed at the end instead of leaving. */
  readonly killedShare: number
  /** Users whom the server removes at the end. */
  readonly serverKickShare: number
  /** Clients that come back after a crash. */
  readonly returnShare: number
}

/** One day of a company with a few hundred users. */
export const defaultTraceOptions: TraceOptions = {
  seed: 1,
  days: 1,
  meetingsPerDay: 100,
  permanentRooms: 3,
  recurringRooms: 4,
  sessionsPerDay: 50,
  servers: 3,
  crashesPerDay: 0,
  secondDeviceShare: 0.03,
  reconnectShare: 0.03,
  repeatedReconnectShare: 0.25,
  deadAfterReconnectShare: 0.1,
  reloadShare: 0.02,
  killedShare: 0.05,
  serverKickShare: 0.01,
  returnShare: 0.7,
}
