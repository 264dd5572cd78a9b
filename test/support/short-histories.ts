import { isPastSession } from '../../core/projection/past-entries.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import type { Session } from '../../core/state/session.ts'
import { collectPastEntries } from './apply.ts'
import { event } from './events.ts'
import { stepsOf } from './participant-histories.ts'

/** Leaves have names of their own, by their reason. */
const leaveReasons: Readonly<Record<string, string>> = { leave: 'normal', kick: 'clientKick', offline: 'offline' }

/**
 * The events of participant U that a text lists, times in seconds: `0 join web Ann, 1 publish S, 60 kick`. An event with `!`
 * comes from reconciliation.
 */
function eventsFrom(text: string): NorthboundEvent[] {
  return text.split(',').map((entry) => {
    const [seconds = '', name = '', first, second] = entry.trim().split(' ')
    const kind = name.replace('!', '')
    const source = name === kind ? 'callback' : 'reconcile'
    const at = Math.round(Number(seconds) * 1000)
    const reason = source === 'reconcile' ? 'reconciled' : (leaveReasons[kind] ?? 'auto')
    if (kind in leaveReasons) return event('leave', { event_type: reason, ...profile(first, second) }, { at, source })
    if (kind === 'close') return event('close', { event_type: reason }, { at, source })
    if (kind.endsWith('sub') || kind.endsWith('publish'))
      return event(kind, { stream_id: first ?? 'S', stream_type: 'audio', ...profile(second) }, { at, source })
    return event(kind, profile(first, second), { at, source })
  })
}

/**
 * The state after the events of a text, as a text: all sessions, oldest first, then the streams and subscriptions that are on,
 * with the time since when. A session: `0-10 normal`, or `0-` if the participant is present, `~` before an estimated time,
 * `+1` after a reconnect.
 */
export function stateAfter(text: string): string {
  const steps = stepsOf(eventsFrom(text))
  const state = steps.at(-1)?.after
  if (state?.kind !== 'participant' || state.session === null) return 'never present'
  const sessions = [...collectPastEntries(steps).filter(isPastSession), state.session].map(describeSession)
  const media = [...state.streams, ...state.subscriptions].map(({ stream_id, since }) => `${stream_id} ${since / 1000}`)
  return [sessions.join(', '), ...media].join('; ')
}

function describeSession({ joined_at, start_estimated, endpoint_type, reconnects, end }: Session): string {
  const from = `${start_estimated ? '~' : ''}${joined_at / 1000}`
  const to = end === null ? '' : `${end.estimated ? '~' : ''}${end.at / 1000} ${end.reason}`
  return `${from}-${to}${reconnects > 0 ? ` +${reconnects}` : ''}${endpoint_type === null ? '' : ` ${endpoint_type}`}`
}

function profile(endpoint_type = '', user_name = '') {
  return { endpoint_type, user_name }
}
