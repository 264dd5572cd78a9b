import type { PastSession, PastSessionChange } from '../../core/projection/past-sessions.ts'
import type { ParticipantId } from '../../core/state/aggregate.ts'
import { expiryOf } from './expiry.ts'
import { type ItemKey, keyPart, pastSessionKey } from './keys.ts'
import type { UserSessionKeys } from './projection-item.ts'

/** A past session as an item of the state table; the last session is in the participant's projection. */
export type PastSessionItem = ItemKey &
  Partial<UserSessionKeys> & {
    readonly aggregate: ParticipantId
    /** Absent if a late event showed that there was no such session. */
    readonly session?: PastSession
    /** Version of the projection that the change comes from. */
    readonly version: number
    /** Seconds since 1970 (DynamoDB's time to live). */
    readonly expires_at: number
  }

export function toPastSessionItem(
  participant: ParticipantId,
  { joined_at, session }: PastSessionChange,
  version: number,
  retentionDays: number,
): PastSessionItem {
  return {
    ...pastSessionKey(participant, joined_at),
    aggregate: participant,
    version,
    ...(session === null ? {} : { session, visitor: keyPart(participant.user_id), visited: joined_at }),
    expires_at: expiryOf(session?.end.at ?? joined_at, retentionDays),
  }
}
