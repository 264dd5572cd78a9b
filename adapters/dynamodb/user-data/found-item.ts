import type { ParticipantId } from '../../../core/state/aggregate.ts'

/** Kinds of stored data about a person. `events_of_others`: other events that name the person, such as who closed a room. */
export const userDataKinds = [
  'events',
  'events_of_others',
  'quarantined',
  'participants',
  'past_sessions',
  'checkpoints',
  'directory',
  'refused_samples',
  'sweep_findings',
  'rooms',
] as const

export type UserDataKind = (typeof userDataKinds)[number]

export type TableKey = Readonly<Record<string, string>>

/** Whose data are searched for. */
export type UserQuery = {
  readonly userId: string
  /** ms: what was received later is new data, and stays. */
  readonly at: number
}

/** Where a text contains the id although nothing says that it is a user id. Someone has to decide about it. */
export type Mention = {
  readonly room_id: string | null
  /** A recording by its exporter, or an event by its name. */
  readonly recording_id?: string
  readonly event?: string
  readonly trace_id?: string
  /** ms */
  readonly at: number
}

/** What a search finds in one item, and what erasing it means. */
export type FoundItem =
  | {
      readonly action: 'delete'
      readonly kind: UserDataKind
      readonly key: TableKey
      /** The item is deleted only if this attribute has not changed since it was read. */
      readonly unchanged: { readonly name: string; readonly value: unknown }
      /** ms; events only. */
      readonly received_at?: number
      /** The room that the person is in right now. */
      readonly presentIn?: string
    }
  | {
      readonly action: 'rewrite'
      readonly kind: UserDataKind
      readonly key: TableKey
      readonly attribute: string
      readonly before: string
      readonly after: string
    }
  /** The state of a room follows from the person's presence, so that it must be folded again. */
  | { readonly action: 'rebuild'; readonly kind: 'rooms'; readonly room_id: string }
  | { readonly action: 'mention'; readonly mention: Mention }
  /** New data: an event that was received after the erasure. */
  | { readonly action: 'keep'; readonly participant: ParticipantId | undefined }
