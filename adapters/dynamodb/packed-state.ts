import type { BoxState } from '../../core/state/box.ts'
import type { State } from '../../core/state/fold.ts'
import { type Media, noMedia } from '../../core/state/media.ts'
import type { ParticipantState } from '../../core/state/participant.ts'
import { packMedia, packPortAlerts, unpackMedia, unpackPortAlerts } from './packing.ts'

/** Participants' media and the alerts about port sets are packed, so the state itself has none. */
type StoredState =
  | Exclude<State, ParticipantState | BoxState>
  | (Omit<ParticipantState, keyof Media> & Partial<Media>)
  | Omit<BoxState, 'alerts'>

/** A state as attributes of an item. */
export type PackedState = {
  /** Without a participant's media, except in older items, and without the alerts about port sets. */
  readonly state: StoredState | null
  /** The participant's streams and subscriptions, packed; absent if there are none. */
  readonly media?: Uint8Array
  /** The alerts in the state of a media server, packed; absent for other aggregates. */
  readonly port_alerts?: Uint8Array
}

export function stateOf({ state, media, port_alerts }: PackedState): State | undefined {
  if (state?.kind === 'participant') return { ...noMedia, ...state, ...(media === undefined ? {} : unpackMedia(media)) }
  if (state?.kind === 'box') return { ...state, alerts: port_alerts === undefined ? [] : unpackPortAlerts(port_alerts) }
  return state ?? undefined
}

export function packState(state: State | undefined): PackedState {
  if (state?.kind === 'box') {
    const { alerts, ...rest } = state
    return { state: rest, port_alerts: packPortAlerts(alerts) }
  }
  if (state?.kind !== 'participant') return { state: state ?? null }
  const { streams, subscriptions, ...rest } = state
  return streams.length + subscriptions.length === 0 ? { state: rest } : { state: rest, media: packMedia(state) }
}
