/** Ends the name of the alarm on group robots that take no messages. */
export const chatRefused = 'chat-refused'
