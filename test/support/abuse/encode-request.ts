import type { GatewayRequest } from '../api-gateway.ts'

type Pairs = readonly (readonly [name: string, value: string])[]

export const formats = [
  'query',
  'uri query',
  'form',
  'json',
  'multipart',
  'plain form',
  'untyped json',
  'query and body',
  'repeated in the body',
] as const

const boundary = 'b0'

/** Encodes parameters as a request of the given format. */
export function encodeRequest(pairs: Pairs, format: (typeof formats)[number], seed: number): GatewayRequest {
  const form = encodeForm(pairs)
  const half = seed % (pairs.length + 1)
  switch (format) {
    case 'query':
      return { query: form }
    case 'uri query':
      return { query: pairs.map(([name, value]) => `${encodeUri(name)}=${encodeUri(value)}`).join('&') }
    case 'form':
      return post('application/x-www-form-urlencoded', form)
    case 'plain form':
      return post('text/plain', form)
    case 'json':
      return post('application/json; charset=utf-8', encodeJson(pairs))
    case 'untyped json':
      return post(undefined, encodeJson(pairs))
    case 'multipart':
      return post(`multipart/form-data; boundary=${boundary}`, encodeMultipart(pairs))
    case 'query and body':
      return {
        ...post('application/x-www-form-urlencoded', encodeForm(pairs.slice(half))),
        query: encodeForm(pairs.slice(0, half)),
      }
    case 'repeated in the body':
      return { ...post('application/x-www-form-urlencoded', form), query: form }
  }
}

function post(contentType: string | undefined, body: string): GatewayRequest {
  const headers = contentType === undefined ? {} : { 'content-type': contentType }
  return { method: 'POST', headers, body, isBase64Encoded: contentType !== 'text/plain' }
}

const encodeForm = (pairs: Pairs) =>
  String(new URLSearchParams(pairs.map(([name, value]): [string, string] => [name, value])))
const encodeUri = (text: string) => encodeURIComponent(text.toWellFormed())

function encodeJson(pairs: Pairs): string {
  return `{${pairs.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(', ')}}`
}

/** Escapes names as browsers do. */
function encodeMultipart(pairs: Pairs): string {
  const escapeName = (name: string) => name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
  const parts = pairs.map(
    ([name, value]) =>
      `--${boundary}\r\nContent-Disposition: form-data; name="${escapeName(name)}"\r\n\r\n${value}\r\n`,
  )
  return `${parts.join('')}--${boundary}--\r\n`
}
