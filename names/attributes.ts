// Attributes of DynamoDB items that keys, indexes or the time to live refer to (docs/data-model.md). The names are short,
// because they count as stored bytes. One export each, imported as a namespace like the metrics.

/** Event log: partition key, the aggregate's stream. */
export const stream = 'stream'
/** Event log: sort key. */
export const eventKey = 'event_key'
/** Timeline index: partition key. */
export const room = 'room'
/** Timeline index: sort key. */
export const orderKey = 'order_key'

/** State table: partition key. */
export const group = 'group'
/** State table: sort key. */
export const item = 'item'
/** Listing index: partition key. */
export const list = 'list'
/** Listing index: sort key. */
export const listOrder = 'list_order'
/** Listing index: the attribute that it copies. */
export const listed = 'listed'
/** Index of sessions by user: partition key. */
export const visitor = 'visitor'
/** Index of sessions by user: sort key, a number. */
export const visited = 'visited'

/** Both tables: seconds since 1970 (DynamoDB's time to live). */
export const expiresAt = 'expires_at'
