import type { IncomingMessage } from 'node:http'

/** API Gateway's limit for a request body. */
export const maxApiBodyBytes = 10 * 1024 * 1024

/** @returns undefined if the body is longer than `maxBytes`; the rest is read and discarded. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) {
    request.resume()
    return undefined
  }
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size <= maxBytes) chunks.push(chunk)
  }
  return size > maxBytes ? undefined : Buffer.concat(chunks)
}
