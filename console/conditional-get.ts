import { parseResponse } from './exact-numbers.ts'

type KnownBody = { readonly etag: string | null; readonly body: unknown }

/** Lists, and the cards on a screen. */
const maxBodies = 50

/** The latest responses by path, so that the API need not send one again that has not changed. */
const knownBodies = new Map<string, KnownBody>()

/** Counts how often they were forgotten: a response that was under way then is not remembered. */
let forgotten = 0

/** Sends a request with the entity tag of the known response. @returns the body, which is the known one after a 304. */
export async function getConditionally(
  path: string,
  send: (headers: Readonly<Record<string, string>>) => Promise<Response>,
): Promise<unknown> {
  // Another request may make this one forgotten before the response arrives.
  const known = knownBodies.get(path)
  const forgottenBefore = forgotten
  const response = await send(typeof known?.etag === 'string' ? { 'if-none-match': known.etag } : {})
  const latest =
    response.status === 304 && known !== undefined
      ? known
      : { etag: response.headers.get('etag'), body: parseResponse(await response.text()) }
  if (forgotten === forgottenBefore) remember(path, latest)
  return latest.body
}

/** Forgets all bodies, for example when the user signs out. */
export function forgetBodies(): void {
  forgotten += 1
  knownBodies.clear()
}

/** Forgets the body that was used longest ago if there are too many. */
function remember(path: string, latest: KnownBody): void {
  knownBodies.delete(path)
  knownBodies.set(path, latest)
  const [oldest] = knownBodies.keys()
  if (knownBodies.size > maxBodies && oldest !== undefined) knownBodies.delete(oldest)
}
