import type { StreamType } from '../installation-state.ts'
import type { CallbackParameters } from '../sign-callback.ts'

/** A time interval in ms since 1970: `from` inclusive, `to` exclusive. */
export interface Interval {
  readonly from: number
  readonly to: number
}

/** A room is open on a media server. */
export interface TrueOpening extends Interval {
  readonly room_id: string
  readonly server: string
}

/** The platform holds a connection of a user in a room. */
export interface TruePresence extends Interval {
  readonly room_id: string
  readonly user_id: string
}

/** A user publishes a stream, or receives one. */
export interface TrueMedium extends Interval {
  readonly room_id: string
  readonly user_id: string
  readonly list: 'streams' | 'subscriptions'
  readonly stream_id: string
  readonly stream_type: StreamType
}

/** What really happened, each list in order of `from`. */
export interface GroundTruth {
  readonly openings: readonly TrueOpening[]
  readonly presences: readonly TruePresence[]
  readonly media: readonly TrueMedium[]
}

/** A callback when the media server sends it. */
export interface SentCallback {
  /** ms since 1970 */
  readonly sentAt: number
  readonly parameters: CallbackParameters
}

export type IncidentKind =
  | 'second_device_kicked_first'
  | 'second_device_kicked_later'
  | 'reconnect'
  | 'reload_leave_first'
  | 'reload_join_first'
  | 'killed'
  | 'server_kick'
  | 'crash_returned'
  | 'crash_gone'

/** Something other than an ordinary join or leave that happened to a user in a room. */
export interface Incident {
  /** ms since 1970 */
  readonly at: number
  readonly room_id: string
  readonly user_id: string
  readonly kind: IncidentKind
}

/** The life of an installation from `startAt` to `endAt` (ms since 1970). */
export interface InstallationTrace {
  readonly startAt: number
  readonly endAt: number
  readonly servers: readonly string[]
  /** In the order of sending. */
  readonly callbacks: readonly SentCallback[]
  readonly truth: GroundTruth
  /** In order of time. */
  readonly incidents: readonly Incident[]
}
