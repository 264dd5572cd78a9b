import type { IncomingMessage } from 'node:http'

export const largestBody = 10 * 1024 * 1024

/** @returns undefined where the body is longer than `largest`; what more comes is read and dropped. */
export async function readBody(request: IncomingMessage, largest: number): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > largest) {
    request.resume()
    return undefined
  }
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size <= largest) chunks.push(chunk)
  }
  return size > largest ? undefined : Buffer.concat(chunks)
}
