import { type GetJson, PlatformError } from './http.ts'

export const loginPath = 'sdkapi/v2/app/get_token'

export type AvdKeys = { readonly access_key: string; readonly secret_key: string }

/**
 * Adds a token to each request. Logs in when no token is known, keeps the token, and logs in once more if the platform
 * no longer accepts it (docs/protocol.md, The platform's own API).
 *
 * Requests with the same signal belong together: they cause at most one further login.
 */
export function withToken(get: GetJson, keys: AvdKeys): GetJson {
  let token: string | undefined
  let pendingLogin: Promise<string> | undefined
  /** The signals of the requests that caused the latest login, and the latest further login. */
  let loggedInFor: AbortSignal | undefined
  let renewedFor: AbortSignal | undefined

  /** Concurrent requests share one login. */
  function logIn(signal: AbortSignal): Promise<string> {
    loggedInFor = signal
    pendingLogin ??= requestToken(get, keys, signal)
      .then((requested) => {
        token = requested
        return requested
      })
      .finally(() => {
        pendingLogin = undefined
      })
    return pendingLogin
  }

  return async (path, query, signal) => {
    const isKept = token !== undefined && loggedInFor !== signal
    const usedToken = token ?? (await logIn(signal))
    try {
      return await get(path, { token: usedToken, ...query }, signal)
    } catch (error) {
      if (!mayBeExpiredToken(error, isKept)) throw error
      if (token === usedToken) {
        if (renewedFor === signal) throw error
        renewedFor = signal
        token = undefined
      }
    }
    return get(path, { token: token ?? (await logIn(signal)), ...query }, signal)
  }
}

async function requestToken(get: GetJson, { access_key, secret_key }: AvdKeys, signal: AbortSignal): Promise<string> {
  const response = await get(loginPath, { access_key, secret_key }, signal)
  const token = tokenOf(response)
  if (token !== undefined) return token
  throw new PlatformError('unrecognised', {
    english: 'the login response has no token',
    chinese: '登录的响应中没有 token',
  })
}

/** The token in the response to a login. */
export function tokenOf(response: unknown): string | undefined {
  const { token, data } = (response ?? {}) as { token?: unknown; data?: { token?: unknown } }
  const found = token ?? data?.token
  return typeof found === 'string' && found !== '' ? found : undefined
}

/** Error codes are not published, so any refusal of a kept token may mean that it has expired. */
function mayBeExpiredToken(error: unknown, wasKept: boolean): boolean {
  return error instanceof PlatformError && (error.unauthenticated || (error.reason === 'refused' && wasKept))
}
