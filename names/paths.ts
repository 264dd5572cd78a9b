// Paths of the HTTP API.

/** The path, with its subpaths, to which the platform sends callbacks. */
export const callbacks = '/room_event_history'
/** The prefix of the query API. */
export const api = '/api'
/** The console's page and the prefix of its files. */
export const console = '/console'
