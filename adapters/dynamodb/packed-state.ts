import type { BoxState } from '../../core/state/box.ts'
import type { State } from '../../core/state/fold.ts'
import type { ParticipantState } from '../../core/state/participant.ts'
import { packPortAlerts, unpackPortAlerts } from './packing.ts'
import { packParticipant, type StoredParticipant, unpackParticipant } from './participant-packing.ts'

/** A state as attributes of an item. That of a media server is without the alerts about port sets, which are packed. */
export type PackedState =
  | StoredParticipant
  | { readonly state: Exclude<State, ParticipantState | BoxState> | null }
  | { readonly state: Omit<BoxState, 'alerts'>; readonly port_alerts: Uint8Array }

export function stateOf(stored: PackedState): State | undefined {
  if ('packed' in stored) return unpackParticipant(stored)
  if ('port_alerts' in stored) return { ...stored.state, alerts: unpackPortAlerts(stored.port_alerts) }
  return stored.state ?? undefined
}

export function packState(state: State | undefined): PackedState {
  if (state?.kind === 'participant') return packParticipant(state)
  if (state?.kind !== 'box') return { state: state ?? null }
  const { alerts, ...rest } = state
  return { state: rest, port_alerts: packPortAlerts(alerts) }
}
