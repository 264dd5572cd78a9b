import { describeRequestFault, type RequestFault } from './request-fault.ts'

/** The parts of a request that carry parameters. The content fields are headers; `body` is decoded from base64. */
export type CallbackRequest = {
  readonly method: string
  readonly rawQueryString: string
  readonly contentType: string | undefined
  readonly contentEncoding?: string | undefined
  readonly body: Uint8Array
}

/** One parameter of a callback. */
export type Parameter = { readonly name: string; readonly value: string }

/** The request cannot be parsed. `message` tells the sender why, in one line; `fault` is for texts in other languages. */
export class UnreadableRequestError extends Error {
  override name = 'UnreadableRequestError'
  readonly fault: RequestFault

  constructor(fault: RequestFault) {
    super(describeRequestFault(fault))
    this.fault = fault
  }
}
