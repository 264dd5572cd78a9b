// Attributes of messages on the event queue and the dead-letter queue.

/** When the message was put back from the dead-letter queue, in ms since 1970. Absent unless it was. */
export const redrivenAt = 'redriven_at'
