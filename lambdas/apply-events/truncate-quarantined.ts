// UTF-16 code units: at most 150 KB together, so that the record fits into an item of the event log.
const maxBodyLength = 49_000
const maxReasonLength = 1000
const mark = '…'

/** Truncates what is kept of a message that cannot be stored as an event. */
export function truncateBody(body: string): string {
  return truncate(body, maxBodyLength)
}

/** Truncates the reason, which may quote the message. */
export function truncateReason(reason: string): string {
  return truncate(reason, maxReasonLength)
}

function truncate(text: string, maxLength: number): string {
  const kept = text.length <= maxLength ? text : text.slice(0, maxLength - mark.length) + mark
  // A cut may split a surrogate pair, and no store accepts one half.
  return kept.toWellFormed()
}
