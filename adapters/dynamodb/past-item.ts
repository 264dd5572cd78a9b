import { isPastSession, type PastChange, type PastEntry, pastEntryTime } from '../../core/projection/past-entries.ts'
import type { ParticipantId, RecordingsId, RecurringAggregateId } from '../../core/state/aggregate.ts'
import { latestRecording } from '../../core/state/exporter.ts'
import type { Recording } from '../../core/state/recording.ts'
import type { PastSession } from '../../core/state/session.ts'
import { expiryOf } from './expiry.ts'
import { type ItemKey, keyPart, pastItemKey } from './keys.ts'
import { type ListingAttributes, recordingAttributes } from './listing-entry.ts'
import type { ProjectionItem, UserSessionKeys } from './projection-item.ts'

type PastItemBase = ItemKey & {
  /** Version of the projection that the change comes from. */
  readonly version: number
  /** Seconds since 1970 (DynamoDB's time to live). */
  readonly expires_at: number
}

/** A past session as an item of the state table; the last session is in the participant's projection. */
export type PastSessionItem = PastItemBase &
  Partial<UserSessionKeys> & {
    readonly aggregate: ParticipantId
    /** Absent if a late event showed that there was no such session. */
    readonly session?: PastSession
  }

/** A past recording as an item of the state table; the last recording is in the exporter's projection. */
export type PastRecordingItem = PastItemBase &
  Partial<ListingAttributes> & {
    readonly aggregate: RecordingsId
    /** Absent if a late event showed that there was no such recording, or that it is the last one. */
    readonly recording?: Recording
  }

export type PastItem = PastSessionItem | PastRecordingItem

export function toPastItem(
  aggregate: RecurringAggregateId,
  change: PastChange,
  version: number,
  retentionDays: number,
): PastItem {
  const key = pastItemKey(aggregate, change.key)
  const changedAt = change.entry === null ? change.at : pastEntryTime(change.entry)
  const base = { ...key, version, expires_at: expiryOf(changedAt, retentionDays) }
  if (aggregate.kind === 'participant') return { ...base, aggregate, ...sessionAttributes(aggregate, change.entry) }
  if (change.entry === null || isPastSession(change.entry)) return { ...base, aggregate }
  return { ...base, aggregate, recording: change.entry, ...recordingAttributes(key, change.entry) }
}

export function pastEntryOf(item: PastItem): PastEntry | undefined {
  return 'session' in item ? item.session : 'recording' in item ? item.recording : undefined
}

/** The recording that an item holds, without earlier ones; undefined for any other item. */
export function recordingOf(item: ProjectionItem | PastItem): Recording | undefined {
  if ('recording' in item) return item.recording
  if (!('state' in item) || item.state?.kind !== 'recording') return undefined
  return latestRecording(item.state)
}

function sessionAttributes({ user_id }: ParticipantId, entry: PastEntry | null) {
  if (entry === null || !isPastSession(entry)) return {}
  return { session: entry, visitor: keyPart(user_id), visited: entry.joined_at }
}
