/** An error caused by the request; `message` is sent to the caller with HTTP status `status`. */
export class HttpError extends Error {
  override name = 'HttpError'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export const notFound = (what: string) => new HttpError(404, `${what} does not exist`)
