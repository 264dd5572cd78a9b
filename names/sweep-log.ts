// The log line of each sweep, which the dashboard queries. Metrics would cost 0.30 USD a month each, since sweeps never pause.

export const message = 'state compared'
export const roomsObserved = 'rooms_observed'
export const roomsStored = 'rooms_stored'
export const usersObserved = 'users_observed'
export const usersStored = 'users_stored'
export const drift = 'drift'
export const corrections = 'corrections'
/** Milliseconds. */
export const duration = 'duration_ms'
