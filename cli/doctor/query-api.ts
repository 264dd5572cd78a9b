import type { ZodType } from 'zod'
import { CliError } from '../cli-error.ts'
import { type HttpResult, request } from './http.ts'

/** The query API of the installation. */
export interface QueryApi {
  /** Without `/api`. */
  readonly url: URL
  /** Makes a GET request with the token. @throws CliError if there is no response. */
  get(path: string, signal: AbortSignal): Promise<HttpResult>
  /** Returns the body of a response with status 200, parsed. @throws CliError for any other response. */
  read<Body>(path: string, schema: ZodType<Body>, signal: AbortSignal): Promise<Body>
}

export function queryApi(url: URL, readToken: () => Promise<string>): QueryApi {
  async function get(path: string, signal: AbortSignal) {
    const headers = { authorization: `Bearer ${await readToken()}` }
    return request(new URL(path, url), signal, { headers })
  }
  return {
    url,
    get,
    async read(path, schema, signal) {
      return parseAnswer(await get(path, signal), schema)
    },
  }
}

/**
 * Returns the body of a response with status 200, parsed.
 *
 * @throws CliError for another status, or if the body is not one of this version, for example because another server has answered.
 */
export function parseAnswer<Body>({ status, body }: HttpResult, schema: ZodType<Body>): Body {
  if (status !== 200) throw new CliError({ en: `the API answers ${status}`, zh: `API 返回 ${status}` })
  const result = schema.safeParse(body)
  if (result.success) return result.data
  throw new CliError({
    en: 'the answer is not one of the API of this version; check the address, and whether the stack is up to date',
    zh: '返回的内容与本版本的 API 不符；请检查地址，以及堆栈是否为最新版本',
  })
}
