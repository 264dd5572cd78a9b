import { createHash, timingSafeEqual } from 'node:crypto'
import type { ApiTokens, SecretReader, SecretReading } from '../../core/ports/secret-reader.ts'
import { HttpError } from '../http-error.ts'

/**
 * @param deadline ms since 1970 until which the tokens may be read.
 * @throws HttpError 401 unless the `authorization` header contains a bearer token that is valid; an error that results in
 * 500 if no token is known because the secret cannot be read or used.
 */
export async function authorize(
  header: string | undefined,
  tokens: SecretReader<ApiTokens>,
  deadline: number,
): Promise<void> {
  const token = /^Bearer +(\S+) *$/i.exec(header ?? '')?.[1]
  if (token === undefined) throw unauthorized()
  const known = await tokens.read(deadline)
  if (isValid(token, known)) return
  if (known.outcome === 'unreadable') throw known.error
  // Reported already, once for each version of the secret.
  if (known.outcome === 'unusable')
    throw new HttpError(500, 'the secret of the API token is unusable; see the log of query-api for the cause')
  // The token may have been replaced a moment ago.
  if (!isValid(token, await tokens.refresh(deadline))) throw unauthorized()
}

const unauthorized = () => new HttpError(401, 'send the API token: "Authorization: Bearer <token>"')

/** Takes the same time whichever token it is. */
function isValid(token: string, reading: SecretReading<ApiTokens>): boolean {
  const valid = reading.outcome === 'configured' ? reading.value : []
  return valid.map((expected) => timingSafeEqual(digest(token), digest(expected))).includes(true)
}

// timingSafeEqual needs inputs of equal length; hashing also hides the length of the token.
const digest = (text: string) => createHash('sha256').update(text).digest()
