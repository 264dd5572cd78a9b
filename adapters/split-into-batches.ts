/** The limits of one request of a service that accepts batches. */
export type BatchLimits = { readonly maxMessages: number; readonly maxBytes: number }

/**
 * Splits messages into batches within the limits, in order. A message that exceeds `maxBytes` alone gets a batch of its own.
 *
 * @param bytesOf bytes of a message, as the service counts them.
 */
export function splitIntoBatches<Message>(
  messages: readonly Message[],
  bytesOf: (message: Message) => number,
  { maxMessages, maxBytes }: BatchLimits,
): Message[][] {
  const batches: Message[][] = []
  let bytesLeft = 0
  for (const message of messages) {
    const bytes = bytesOf(message)
    bytesLeft -= bytes
    if (bytesLeft < 0 || (batches.at(-1)?.length ?? maxMessages) >= maxMessages) {
      batches.push([])
      bytesLeft = maxBytes - bytes
    }
    batches.at(-1)?.push(message)
  }
  return batches
}
