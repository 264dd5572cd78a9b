import { z } from 'zod'

export interface HttpResponse {
  readonly status: number
  /** A name may occur more than once. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Buffer
}

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String)

const structured = z.object({
  statusCode: z.coerce.number().int().min(100).max(599),
  headers: z.record(z.string(), scalar).nullish(),
  cookies: z.array(z.string()).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
})

/**
 * Builds the response of an HTTP API from a function's return value.
 *
 * @param payload JSON.
 * @returns undefined if the value is not a valid response; the caller then sends a 500.
 */
export function httpApiResponse(payload: string): HttpResponse | undefined {
  const value: unknown = JSON.parse(payload)
  if (typeof value !== 'object' || value === null || !('statusCode' in value)) {
    const body = typeof value === 'string' ? value : payload
    return { status: 200, headers: [['content-type', 'application/json']], body: Buffer.from(body) }
  }
  const parsed = structured.safeParse(value)
  if (!parsed.success) return undefined
  const { statusCode, headers, cookies, body, isBase64Encoded } = parsed.data
  const own = Object.entries(headers ?? {}).map(([name, text]) => [name.toLowerCase(), text] as const)
  const sent = own.filter(([name]) => !connectionHeaders.has(name))
  const typed = sent.some(([name]) => name === 'content-type')
  return {
    status: statusCode,
    headers: [
      ...(typed ? [] : [['content-type', 'text/plain;charset=UTF-8'] as const]),
      ...sent,
      ...(cookies ?? []).map((cookie) => ['set-cookie', cookie] as const),
    ],
    body: Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8'),
  }
}

/** Builds an error response of the gateway itself. */
export function gatewayError(status: number, message: string): HttpResponse {
  return {
    status,
    headers: [['content-type', 'application/json']],
    body: Buffer.from(JSON.stringify({ message })),
  }
}

/** The gateway manages the connection, so a function cannot set these. */
const connectionHeaders = new Set(['connection', 'content-length', 'transfer-encoding', 'keep-alive', 'upgrade'])
