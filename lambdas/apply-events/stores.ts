import type { Announcements } from '../../core/alerting/announcements.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import type { SeenClose } from '../../core/state/closes.ts'
import type { State } from '../../core/state/fold.ts'
import type { PastSession, SessionChange } from '../../core/state/sessions.ts'
import type { ParticipantSubject, Subject } from '../../core/state/subject.ts'

/** An event that can never be applied, kept with its reason. */
export type Quarantined = {
  /** Identifies the record: writing it twice leaves one. */
  readonly id: string
  readonly reason: string
  /** ms */
  readonly received_at: number
  /** The event, where it could be read as one. */
  readonly event: NorthboundEvent | undefined
  /** The message as it came, where it could not. */
  readonly body: string | undefined
}

/** The truth: every event once, in the stream of its subject. */
export interface EventLog {
  /**
   * Records the event unless its `trace_id` is in the stream already.
   *
   * @returns 'appended', or the event that holds the `trace_id`; 'impossible' where it can never be stored.
   */
  append(event: NorthboundEvent): Promise<'appended' | 'impossible' | NorthboundEvent>
  /** Sets the time of a recorded event, if the new one is earlier. `event` carries the earlier time. */
  moveEarlier(event: NorthboundEvent): Promise<void>
  /**
   * Puts the event in the place of another one that holds its `trace_id`.
   *
   * @throws where that one changed meanwhile.
   */
  replace(holder: NorthboundEvent, event: NorthboundEvent): Promise<void>
  /** Every event of the subject, in any order; sees all that was appended before. */
  read(subject: Subject): Promise<NorthboundEvent[]>
  quarantine(record: Quarantined): Promise<void>
}

/** The state of a subject and what is needed to carry it on. */
export type View = {
  readonly subject: Subject
  readonly state: State | undefined
  /** Counts the writes, for optimistic locking; 0: not stored yet. */
  readonly version: number
  /** For a participant: the last close of the room that is folded in. */
  readonly seen_close: SeenClose | null
  /** For a box: what people were told, and are to be told, about it. */
  readonly announcements: Announcements | null
  /** For a participant: changes of past sessions that may not have been written yet, see `past-sessions.ts`. */
  readonly unfiled: readonly SessionChange[]
  /** Order key of the latest event or close that is folded in. */
  readonly watermark: string
  /** Fingerprints of the events that came last, see `remembered.ts`. */
  readonly remembered: readonly string[]
}

export interface StateStore {
  /** The views of the subjects, in the same order; of one never written, the empty view. Sees all earlier writes. */
  read(subjects: readonly Subject[]): Promise<View[]>
  /** Stores the view as version + 1, if the stored one still has its version. */
  write(view: View): Promise<'written' | 'conflict'>
  /** The views of all participants of a room. Sees all earlier writes. */
  readParticipants(roomId: string): Promise<View[]>
  /**
   * Writes a past session, unless a later version of the person's view has written it.
   *
   * @param version of the view that it comes from.
   */
  fileSession(subject: ParticipantSubject, change: SessionChange, version: number): Promise<void>
  /** All past sessions of a person in a room. Sees all earlier writes. */
  readPastSessions(subject: ParticipantSubject): Promise<PastSession[]>
}

export function emptyView(subject: Subject): View {
  return {
    subject,
    state: undefined,
    version: 0,
    seen_close: null,
    announcements: null,
    unfiled: [],
    watermark: '',
    remembered: [],
  }
}
