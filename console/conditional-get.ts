type KnownBody = { readonly etag: string; readonly body: unknown }

/** Lists, and the cards on a screen. */
const maxBodies = 50

/** The latest responses by path, so that the API need not send one again that has not changed. */
const knownBodies = new Map<string, KnownBody>()

/** @returns the headers that ask the API to omit a body that is known. */
export function conditionalHeaders(path: string): Readonly<Record<string, string>> {
  const known = knownBodies.get(path)
  return known === undefined ? {} : { 'if-none-match': known.etag }
}

/** Reads the body of a response, or returns the known one if the API omitted it. */
export async function readBody(path: string, response: Response): Promise<unknown> {
  const known = knownBodies.get(path)
  if (response.status === 304 && known !== undefined) return known.body
  const body: unknown = await response.json()
  const etag = response.headers.get('etag')
  knownBodies.delete(path)
  if (etag !== null) knownBodies.set(path, { etag, body })
  const [oldest] = knownBodies.keys()
  if (knownBodies.size > maxBodies && oldest !== undefined) knownBodies.delete(oldest)
  return body
}

/** Forgets all bodies, for example when the user signs out. */
export function forgetBodies(): void {
  knownBodies.clear()
}
