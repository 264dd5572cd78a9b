import aws4, { type Credentials } from 'aws4'
import { z } from 'zod'

export type CallerOptions = {
  readonly region: string
  readonly credentials: Credentials
  /** @default the region's endpoint of STS */
  readonly endpoint?: URL
  readonly signal?: AbortSignal
}

const responseSchema = z.object({
  GetCallerIdentityResponse: z.object({ GetCallerIdentityResult: z.object({ Arn: z.string() }) }),
})

const timeoutMs = 10_000

/**
 * Reads the ARN of the caller, which needs no permission. A single request is signed here instead of adding an SDK client.
 *
 * @throws if STS does not answer with an ARN.
 */
export async function readCallerArn({ region, credentials, endpoint, signal }: CallerOptions): Promise<string> {
  const url = endpoint ?? new URL(`https://sts.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}/`)
  const body = 'Action=GetCallerIdentity&Version=2011-06-15'
  const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }
  const request = aws4.sign(
    { service: 'sts', region, host: url.host, method: 'POST', path: '/', headers, body },
    { ...credentials },
  )
  const timeout = AbortSignal.timeout(timeoutMs)
  const response = await fetch(url, {
    method: 'POST',
    headers: request.headers as Record<string, string>,
    body,
    signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`STS answered with HTTP ${response.status}`)
  return responseSchema.parse(JSON.parse(text)).GetCallerIdentityResponse.GetCallerIdentityResult.Arn
}
