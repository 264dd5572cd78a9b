import { compareTexts, type ModelEvent, minuteMs } from './logged-event.ts'

/** Times are ms since 1970. */
export interface ModelMediaServer {
  /** Of the current episode. */
  readonly firstWarningAt: number
  readonly lastWarningAt: number
  readonly ports: readonly ModelPort[]
  readonly alertsSuppressed: number
  /** The warnings that alert. */
  readonly alerts: readonly ModelAlert[]
}

export interface ModelPort {
  readonly type: string
  readonly port: number
  readonly firstSeenAt: number
  readonly lastSeenAt: number
}

export interface ModelAlert {
  readonly at: number
  readonly traceId: string
  /** Which ports it is about, as `describePorts` writes them; empty if the warning named none that could be read. */
  readonly portSet: string
  /** The same for warnings that suppress each other. */
  readonly subject: string
}

/** Folds the warnings about one media server (section 4, Media server; section 7, Alert topic). */
export function foldMediaServer(history: readonly ModelEvent[], alertWindowMs: number): ModelMediaServer | undefined {
  const quietAfterMs = Math.max(3 * alertWindowMs, 10 * minuteMs)
  const ports = new Map<string, ModelPort>()
  const alerts: ModelAlert[] = []
  let first: number | undefined
  let last = Number.NEGATIVE_INFINITY
  for (const event of history) {
    const { at, traceId, params } = event
    if (first === undefined || at - last >= quietAfterMs) first = at
    last = at
    const named = readPorts(params.options)
    for (const { type, port } of named) {
      const key = JSON.stringify([type, port])
      const known = ports.get(key)
      const goesOn = known !== undefined && at - known.lastSeenAt < quietAfterMs
      ports.set(key, { type, port, firstSeenAt: goesOn ? known.firstSeenAt : at, lastSeenAt: at })
    }
    // "The same box with the same ports alerts once in `alertWindowMinutes`"
    const subject = describeWarning(event)
    const isSuppressed = alerts.some((alert) => alert.subject === subject && at - alert.at < alertWindowMs)
    if (!isSuppressed) alerts.push({ at, traceId, portSet: describePorts(named), subject })
  }
  if (first === undefined) return undefined
  const sorted = [...ports].sort(([one], [other]) => compareTexts(one, other)).map(([, port]) => port)
  const alertsSuppressed = history.length - alerts.length
  return { firstWarningAt: first, lastWarningAt: last, ports: sorted, alertsSuppressed, alerts }
}

/** Identifies the kind and the ports of a warning, whatever their order. */
function describeWarning({ params }: ModelEvent): string {
  const kind = params.event_type?.toLowerCase() ?? 'check_port'
  const ports = readPorts(params.options)
  return JSON.stringify([kind, ports.length > 0 ? describePorts(ports) : (params.options ?? '')])
}

/** @returns a text that is the same for the same ports in any order. */
export function describePorts(ports: readonly { readonly type: string; readonly port: number }[]): string {
  return [...new Set(ports.map(({ type, port }) => `${type} ${port}`))].sort(compareTexts).join(', ')
}

/** The ports in `options`; none if it is not a list. Entries that are not ports are left out. */
function readPorts(options: string | undefined): { readonly type: string; readonly port: number }[] {
  const listed = parseList(options)
  return listed.flatMap((entry) => {
    if (typeof entry !== 'object' || entry === null || !('type' in entry) || !('port' in entry)) return []
    const port = Number(entry.port)
    return typeof entry.type === 'string' && Number.isInteger(port) ? [{ type: entry.type, port }] : []
  })
}

function parseList(text: string | undefined): unknown[] {
  try {
    const parsed: unknown = JSON.parse(text ?? '')
    return Array.isArray(parsed) ? parsed : []
  } catch {
    return []
  }
}
