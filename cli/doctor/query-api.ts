import { CliError } from '../cli-error.ts'
import { type HttpResult, request } from './http.ts'

/** The query API of the installation. */
export interface QueryApi {
  /** Without `/api`. */
  readonly url: URL
  /** Makes a GET request with the token. @throws CliError if there is no response. */
  get(path: string, signal: AbortSignal): Promise<HttpResult>
  /** Returns the body of a response with status 200. @throws CliError for any other response. */
  read(path: string, signal: AbortSignal): Promise<unknown>
}

export function queryApi(url: URL, readToken: () => Promise<string>): QueryApi {
  async function get(path: string, signal: AbortSignal) {
    const headers = { authorization: `Bearer ${await readToken()}` }
    return request(new URL(path, url), signal, { headers })
  }
  return {
    url,
    get,
    async read(path, signal) {
      const { status, body } = await get(path, signal)
      if (status === 200) return body
      throw new CliError({ en: `the API answers ${status}`, zh: `API 返回 ${status}` })
    },
  }
}
