import { type Parameter, readParameters, UnreadableRequestError } from '../../../../core/protocol/parameters.ts'

const nothing = new Uint8Array()
export const boundary = 'bOuNdArY-7f3a'
export const formType = 'application/x-www-form-urlencoded'
export const jsonType = 'application/json'
export const multipartType = `multipart/form-data; boundary=${boundary}`

/** The parameters of a GET. */
export function fromQuery(rawQueryString: string): Promise<Parameter[]> {
  return readParameters({ method: 'GET', rawQueryString, contentType: undefined, body: nothing })
}

/** The parameters of a POST. */
export function fromBody(
  contentType: string | undefined,
  body: string | Uint8Array,
  rawQueryString = '',
): Promise<Parameter[]> {
  return readParameters({ method: 'POST', rawQueryString, contentType, body: Buffer.from(body) })
}

/** The body that a browser would post for these fields. */
export function multipart(fields: Iterable<readonly [name: string, value: string]>): Uint8Array {
  const parts = Array.from(
    fields,
    ([name, value]) =>
      `--${boundary}\r\ncontent-disposition: form-data; name="${escapedName(name)}"\r\n\r\n${value}\r\n`,
  )
  return Buffer.from(`${parts.join('')}--${boundary}--\r\n`)
}

/** As HTML says for names in multipart/form-data. */
function escapedName(name: string): string {
  return name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

/** Name and value of each parameter, in order. */
export function valuesOf(parameters: readonly Parameter[]): [string, string][] {
  return parameters.map(({ name, value }) => [name, value])
}

/** What the sender is told; undefined where the request was read. */
export async function refusal(read: Promise<unknown>): Promise<string | undefined> {
  const error: unknown = await read.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error === undefined || error instanceof UnreadableRequestError) return error?.message
  throw error
}
