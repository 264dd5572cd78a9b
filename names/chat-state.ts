/** State table: partition key of what is known about the group robots, the only one that notify-chat may read and write. */
export const group = 'chat'
