import type { CallbackParameters } from '../sign-callback.ts'

/** An event as a receiver would have stored it: a callback, or a correction by its reconciliation. */
export interface ScriptedEvent {
  /** ms since 1970: when it would have been received. */
  readonly receivedAt: number
  readonly source: 'callback' | 'reconcile'
  readonly parameters: CallbackParameters
}

/** A stay of a user in a room. Times in ms since 1970. */
export interface ScriptedVisit {
  readonly room_id: string
  readonly user_id: string
  /** The name at the end of the visit; null if no callback carried one. */
  readonly user_name: string | null
  /** That of the newest connection; null if no callback carried one. */
  readonly endpoint_type: string | null
  readonly from: number
  /** Null if the user is still there at the end of the script. */
  readonly to: number | null
  /** Until when the receiver showed the user: later than `to` if the end was never announced. */
  readonly shownUntil: number | null
  /** Further connections that took the place of the first one. */
  readonly reconnects: number
  /** As the receiver names it: `normal`, `client_kick`, `server_kick`, `offline`, `reconciled` or `room_closed`. */
  readonly leave_reason: string | null
  /** Whether the start or the end was never announced, so that the receiver had to infer it. */
  readonly estimated: boolean
}

/** A time in which a room was open. Times in ms since 1970. */
export interface ScriptedOpening {
  readonly room_id: string
  readonly from: number
  readonly to: number | null
  readonly shownUntil: number | null
  /** `user`, `auto` or `reconciled`. */
  readonly close_reason: string | null
  /** Whether the opening was never announced. */
  readonly openingLost: boolean
  /** Whether the closing was never announced. */
  readonly closingLost: boolean
}

/** A recording as it is at the end of the script. */
export interface ScriptedRecording {
  readonly room_id: string
  readonly exporter_id: string
  readonly status: 'recording' | 'stuck' | 'stopped' | 'ready' | 'failed'
  /** ms since 1970; of a failed start, when it was reported. */
  readonly startedAt: number
  readonly files: readonly { readonly name: string; readonly size: number }[]
  readonly reason: string | null
}

/** A warning of the master about ports of a media server. */
export interface ScriptedWarning {
  readonly box_code: string
  /** ms since 1970 */
  readonly at: number
  readonly ports: readonly { readonly type: string; readonly port: number }[]
}

export interface ScriptedUser {
  readonly user_id: string
  /** Null if the platform does not send a name. */
  readonly user_name: string | null
}

export interface ScriptedRoom {
  readonly room_id: string
  /** As the platform's list names it; null if it does not. */
  readonly name: string | null
}

/** Weeks of a simulated school until `endAt`: what its receiver received, and the script of who was where. */
export interface School {
  /** ms since 1970 */
  readonly startAt: number
  readonly endAt: number
  /** In the order of `receivedAt`. */
  readonly events: readonly ScriptedEvent[]
  readonly visits: readonly ScriptedVisit[]
  readonly openings: readonly ScriptedOpening[]
  readonly recordings: readonly ScriptedRecording[]
  readonly warnings: readonly ScriptedWarning[]
  readonly users: readonly ScriptedUser[]
  readonly rooms: readonly ScriptedRoom[]
  /** The room that is never closed, in which one lesson follows another. */
  readonly permanentRoomId: string
}

export interface SchoolOptions {
  readonly seed: number
  /** ms since 1970: now. Lessons and meetings are in progress then. */
  readonly endAt: number
  readonly days: number
  readonly classes: number
  readonly pupilsPerClass: number
  readonly teachers: number
  /** Lessons of each class on a weekday, at most 6. */
  readonly lessonsPerDay: number
  /** Meetings on a weekday, each in a room of its own. */
  readonly meetingsPerDay: number
  /** Rooms that are open at the end, at least `classes` and four. */
  readonly openRooms: number
  /** ms east of UTC: the clock of the timetable. */
  readonly utcOffsetMs: number
}

/** Four weeks of a school with 200 people. */
export const defaultSchoolOptions: Omit<SchoolOptions, 'endAt'> = {
  seed: 1,
  days: 28,
  classes: 6,
  pupilsPerClass: 31,
  teachers: 14,
  lessonsPerDay: 2,
  meetingsPerDay: 6,
  openRooms: 59,
  utcOffsetMs: 8 * 3_600_000,
}
