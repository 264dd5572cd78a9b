import type { ApiEvent, ApiWarnedPort } from '../api-types.ts'

/**
 * The ports that a warning names in its parameter `options`, such as `[{"type":"tcp","port":8088}]` (docs/protocol.md, Events).
 *
 * @returns undefined if they cannot be read.
 */
export function parsePorts({ params, received_at }: ApiEvent): ApiWarnedPort[] | undefined {
  const { options } = params
  if (typeof options !== 'string') return undefined
  const list = parseList(options)
  const ports = list?.flatMap((entry): ApiWarnedPort[] => {
    if (typeof entry !== 'object' || entry === null || !('type' in entry) || !('port' in entry)) return []
    const port = Number(entry.port)
    if (!Number.isInteger(port)) return []
    return [{ type: String(entry.type), port, first_seen_at: received_at, last_seen_at: received_at }]
  })
  return ports === undefined || ports.length === 0 || ports.length !== list?.length ? undefined : ports
}

function parseList(text: string): readonly unknown[] | undefined {
  try {
    const parsed: unknown = JSON.parse(text)
    return Array.isArray(parsed) ? parsed : undefined
  } catch {
    return undefined
  }
}
