import { createHash, timingSafeEqual } from 'node:crypto'
import { HttpError } from '../http-error.ts'

/** @throws HttpError 401 unless the `authorization` header contains the bearer token. */
export function authorize(header: string | undefined, expectedToken: string): void {
  const token = /^Bearer +(\S+) *$/i.exec(header ?? '')?.[1] ?? ''
  if (expectedToken === '' || !timingSafeEqual(digest(token), digest(expectedToken)))
    throw new HttpError(401, 'send the API token: "Authorization: Bearer <token>"')
}

// timingSafeEqual needs inputs of equal length; hashing also hides the length of the token.
const digest = (text: string) => createHash('sha256').update(text).digest()
