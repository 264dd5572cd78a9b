import type { BoxState } from '../../core/state/box.ts'
import type { State } from '../../core/state/fold.ts'
import type { ParticipantState } from '../../core/state/participant.ts'
import { packPortAlerts, unpackPortAlerts } from './packing.ts'
import { packParticipant, type StoredParticipant, unpackParticipant } from './participant-packing.ts'

/** Without what is packed: the larger part of a participant's state, and the alerts about port sets. */
type StoredState = Exclude<State, ParticipantState | BoxState> | StoredParticipant['state'] | Omit<BoxState, 'alerts'>

/** A state as attributes of an item. */
export type PackedState = Omit<StoredParticipant, 'state'> & {
  readonly state: StoredState | null
  /** The alerts in the state of a media server, packed; absent for other aggregates. */
  readonly port_alerts?: Uint8Array
}

export function stateOf({ state, port_alerts, ...packed }: PackedState): State | undefined {
  if (state?.kind === 'participant') return unpackParticipant({ ...packed, state })
  if (state?.kind === 'box') return { ...state, alerts: port_alerts === undefined ? [] : unpackPortAlerts(port_alerts) }
  return state ?? undefined
}

export function packState(state: State | undefined): PackedState {
  if (state?.kind === 'box') {
    const { alerts, ...rest } = state
    return { state: rest, port_alerts: packPortAlerts(alerts) }
  }
  return state?.kind === 'participant' ? packParticipant(state) : { state: state ?? null }
}
