export interface RequestTarget {
  /** Decoded twice. */
  readonly path: string
  /** Everything after the first `?`, unchanged. */
  readonly rawQuery: string
}

/**
 * Splits a request target as HTTP APIs do: they decode the path twice and cut it at the first decoded `?`. `%252F` thus
 * arrives as `/`, and a single encoded percent sign (`%25`) is refused.
 *
 * @returns undefined if the path is not absolute or cannot be decoded twice.
 */
export function splitRequestTarget(url: string): RequestTarget | undefined {
  const [encoded = '', ...query] = url.replace(/^https?:\/\/[^/?]+/i, '').split('?')
  try {
    const path = decodeURIComponent(decodeURIComponent(encoded)).split('?', 1)[0] ?? ''
    return path.startsWith('/') ? { path, rawQuery: query.join('?') } : undefined
  } catch {
    return undefined
  }
}
