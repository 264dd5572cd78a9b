/** What the caller did wrong, with the status that says so. */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export const notFound = (what: string) => new Refusal(404, `${what} does not exist`)
