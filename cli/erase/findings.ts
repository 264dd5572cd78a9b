import {
  type FoundItem,
  type Mention,
  type UserDataKind,
  userDataKinds,
} from '../../adapters/dynamodb/user-data/found-item.ts'

/** What a search has found. It is filled while the search is running. */
export interface Findings {
  readonly counts: Record<UserDataKind, number>
  /** Changed while they were being erased. The next search finds them again. */
  changed: number
  /** Rooms whose state must be folded again. */
  readonly rooms: Set<string>
  /** Rooms in which the person has new events, and how many there are. */
  readonly laterRooms: Set<string>
  laterEvents: number
  readonly presentIn: Set<string>
  /** ms: the times of receipt of the events that were found. */
  readonly receivedAt: number[]
  /** The first of them. */
  readonly mentions: Mention[]
  mentionCount: number
}

const maxMentions = 1_000

export function createFindings(): Findings {
  return {
    counts: Object.fromEntries(userDataKinds.map((kind) => [kind, 0])) as Record<UserDataKind, number>,
    changed: 0,
    rooms: new Set(),
    laterRooms: new Set(),
    laterEvents: 0,
    presentIn: new Set(),
    receivedAt: [],
    mentions: [],
    mentionCount: 0,
  }
}

/** @param isDone false if the item changed while it was being erased. */
export function addFound(findings: Findings, found: FoundItem, isDone: boolean): void {
  if (found.action === 'mention') {
    findings.mentionCount++
    if (findings.mentions.length < maxMentions) findings.mentions.push(found.mention)
    return
  }
  if (found.action === 'keep') {
    findings.laterEvents++
    if (found.participant !== undefined) findings.laterRooms.add(found.participant.room_id)
    return
  }
  if (!isDone) findings.changed++
  findings.counts[found.kind]++
  if (found.action === 'rebuild') findings.rooms.add(found.room_id)
  if (found.action !== 'delete') return
  if (found.received_at !== undefined) findings.receivedAt.push(found.received_at)
  if (found.presentIn !== undefined) findings.presentIn.add(found.presentIn)
}

/** The number of items that are to be erased. Mentions are not. */
export function countItems({ counts }: Findings): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}
