import { type Parameter, UnreadableRequestError } from '../../../../core/protocol/callback-request.ts'
import { formDecoding } from '../../../../core/protocol/decoding.ts'
import { readParameters } from '../../../../core/protocol/parameters.ts'

const emptyBody = new Uint8Array()
export const boundary = 'bOuNdArY-7f3a'
export const formType = 'application/x-www-form-urlencoded'
export const jsonType = 'application/json'
export const multipartType = `multipart/form-data; boundary=${boundary}`

/** Reads the parameters of a GET. */
export async function fromQuery(rawQueryString: string, decoding = formDecoding): Promise<Parameter[]> {
  return readParameters({ method: 'GET', rawQueryString, contentType: undefined, body: emptyBody }, decoding)
}

/** Reads the parameters of a POST. */
export async function fromBody(
  contentType: string | undefined,
  body: string | Uint8Array,
  rawQueryString = '',
  decoding = formDecoding,
): Promise<Parameter[]> {
  return readParameters({ method: 'POST', rawQueryString, contentType, body: Buffer.from(body) }, decoding)
}

/** Encodes the fields as multipart/form-data, like a browser. */
export function encodeMultipart(fields: Iterable<readonly [name: string, value: string]>): Uint8Array {
  const parts = Array.from(
    fields,
    ([name, value]) =>
      `--${boundary}\r\ncontent-disposition: form-data; name="${escapeName(name)}"\r\n\r\n${value}\r\n`,
  )
  return Buffer.from(`${parts.join('')}--${boundary}--\r\n`)
}

/** Escapes a field name as HTML requires for multipart/form-data. */
function escapeName(name: string): string {
  return name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

/** Name and decoded value of each parameter, in order. */
export function valuesOf(parameters: readonly Parameter[]): [string, string][] {
  return parameters.map(({ name, value }) => [name, value])
}

/** The message of the UnreadableRequestError; undefined if the request was read. Throws any other error. */
export async function rejectionMessage(read: Promise<unknown>): Promise<string | undefined> {
  const error: unknown = await read.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error === undefined || error instanceof UnreadableRequestError) return error?.message
  throw error
}
