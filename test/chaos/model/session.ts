import type { ModelEvent } from './logged-event.ts'

/** Times are ms since 1970. */
export interface ModelSession {
  readonly joinedAt: number
  readonly isStartEstimated: boolean
  readonly endpointType: string | null
  readonly userName: string | null
  readonly reconnects: number
  readonly end: { readonly at: number; readonly reason: string; readonly isEstimated: boolean } | null
}

/** A new connection of a session that goes on. */
export interface Connection {
  readonly at: number
  hasAbsorbedKick: boolean
}

/** A session while its events are folded. */
export type RunningSession = { -readonly [Key in keyof ModelSession]: ModelSession[Key] } & {
  /** New connections, the first join not included. */
  readonly connections: Connection[]
  /** Times of the genuine events of the session. */
  readonly genuineAt: number[]
  endedByClose: boolean
  /** Whether a genuine leave or close came after the end. */
  isFinal: boolean
  /** When the first genuine close after an estimated end came. */
  closedAt: number | undefined
  resumeMedia: () => void
}

export function beginSession(
  event: ModelEvent,
  { isEstimated, userName }: { readonly isEstimated: boolean; readonly userName: string | null },
): RunningSession {
  return {
    joinedAt: event.at,
    isStartEstimated: isEstimated,
    endpointType: null,
    userName,
    reconnects: 0,
    end: null,
    connections: [],
    genuineAt: event.isGenuine ? [event.at] : [],
    endedByClose: false,
    isFinal: false,
    closedAt: undefined,
    resumeMedia: () => undefined,
  }
}

const leaveReasons = new Map([
  ['normal', 'normal'],
  ['clientkick', 'client_kick'],
  ['client_kick', 'client_kick'],
  ['serverkick', 'server_kick'],
  ['server_kick', 'server_kick'],
  ['offline', 'offline'],
])

/** "Only events from a sweep can set the reason `reconciled`." */
export function reasonOf({ params, isGenuine }: ModelEvent): string {
  const sent = (params.event_type ?? '').toLowerCase()
  return !isGenuine && sent === 'reconciled' ? sent : (leaveReasons.get(sent) ?? 'unknown')
}

const endpointTypes = ['ios', 'android', 'hw', 'web', 'win', 'weixin', 'mac', 'pstn', 'sip', 'h323']

/** docs/protocol.md: known types in any case, others as sent. */
export function toEndpointType(sent: string): string {
  return endpointTypes.includes(sent.toLowerCase()) ? sent.toLowerCase() : sent
}
