import { createHmac } from 'node:crypto'

/** The minimum work of a receiver: parse the query, compute one HMAC and write JSON. It compares nothing. */
export function receiveFloor(rawQueryString: string, key: string): string {
  const params = Object.fromEntries(new URLSearchParams(rawQueryString))
  const signature = createHmac('sha256', key).update(rawQueryString).digest('hex')
  return JSON.stringify({ ...params, signature })
}
