import { quoteText } from '../core/protocol/quote-text.ts'

/** An error caused by the request; `message` is sent to the caller with HTTP status `status`. */
export class HttpError extends Error {
  override name = 'HttpError'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** Characters of an id or a path in a message. */
const maxNameLength = 200

/** @param kind what does not exist, such as `room`. @param name its id or path. */
export const notFound = (kind: string, name: string) =>
  new HttpError(404, `${kind} ${quoteText(name, maxNameLength)} does not exist`)
