import { createMentionFinder } from '../../../core/erasure/mentions.ts'
import { isUserParameter } from '../../../core/erasure/user-parameters.ts'
import { isPresent } from '../../../core/state/participant.ts'
import { recordingTime } from '../../../core/state/recording.ts'
import * as attributeNames from '../../../names/attributes.ts'
import { group as refusedGroup } from '../../../names/refused-samples.ts'
import type { CheckpointItem } from '../checkpoint-item.ts'
import { type ItemKey, keyPart } from '../keys.ts'
import { stateOf } from '../packed-state.ts'
import { type PastItem, recordingOf } from '../past-item.ts'
import { type PersonItem, peopleGroup } from '../people-directory.ts'
import type { ProjectionItem } from '../projection-item.ts'
import { sweepGroup } from '../sweep-status.ts'
import { findWithoutUser } from './findings-without-user.ts'
import type { FoundItem, TableKey, UserDataKind, UserQuery } from './found-item.ts'

/** An item of the state table, of any kind. */
export type StateItem = ItemKey &
  Partial<Pick<ProjectionItem, 'aggregate' | 'visited'>> &
  Partial<Omit<CheckpointItem, keyof ItemKey>> &
  Partial<Pick<PersonItem, 'seen_at'>> & { readonly content?: string; readonly text?: string }

/** What is known about the events in the log that are new data, by participant (`room_id`). */
export type LaterEvents = { has(roomId: string): boolean }

/**
 * Determines what an item of the state table says about a person.
 *
 * @param later the rooms in which the person has new events; undefined if all state of the person goes and is folded again.
 * @returns undefined if nothing.
 */
export function createStateClassifier({ userId, at }: UserQuery, later: LaterEvents | undefined) {
  const isMentioned = createMentionFinder(userId)
  const checkpoints = `/user/${keyPart(userId)}/checkpoints`

  return (item: StateItem): FoundItem | undefined => {
    const { group, aggregate } = item
    if (aggregate?.kind === 'participant' && aggregate.user_id === userId) return classifyParticipant(item)
    if (group.endsWith(checkpoints)) return isNew(Number(item.item)) ? undefined : remove(item, 'checkpoints')
    if (group === peopleGroup)
      return later !== undefined && (item.seen_at ?? 0) > at ? undefined : remove(item, 'directory', 'seen_at')
    if (group === refusedGroup)
      return mentionedInSample(item.content ?? '') ? remove(item, 'refused_samples', 'content') : undefined
    if (group === sweepGroup) return classifyFindings(item)
    return classifyRoom(item) ?? classifyRecording(item)
  }

  /** Whether something of this time (ms) is new data. */
  function isNew(time: number): boolean {
    return later !== undefined && time > at
  }

  function classifyParticipant(item: StateItem): FoundItem | undefined {
    const roomId = item.aggregate?.kind === 'participant' ? item.aggregate.room_id : ''
    const isPast = !item.item.startsWith('user/')
    if (isPast) return isNew(Number(item.item.split('/').at(-1))) ? undefined : remove(item, 'past_sessions')
    if (later?.has(roomId) && (item.visited ?? Number.POSITIVE_INFINITY) > at) return undefined
    const state = stateOf(item as ProjectionItem)
    const present = state?.kind === 'participant' && isPresent(state) ? { presentIn: roomId } : {}
    return { ...remove(item, 'participants'), ...present }
  }

  function mentionedInSample(content: string): boolean {
    if (isMentioned(content)) return true
    const { parameters = [] }: { parameters?: { name: string; value: string }[] } = JSON.parse(content)
    return parameters.some(
      ({ name, value }) => isUserParameter(name) && value.endsWith('…') && userId.startsWith(value.slice(0, -1)),
    )
  }

  function classifyFindings({ group, item, text }: StateItem): FoundItem | undefined {
    const after = text === undefined ? undefined : findWithoutUser(text, userId)
    if (text === undefined || after === undefined) return undefined
    return {
      action: 'rewrite',
      kind: 'sweep_findings',
      key: { group, item },
      attribute: 'text',
      before: text,
      after,
    }
  }

  function classifyRoom({ group, aggregate, checkpoint, ...item }: StateItem): FoundItem | undefined {
    const state = checkpoint === undefined ? stateOf(item as ProjectionItem) : stateOf(checkpoint)
    if (state?.kind !== 'room' || state.basis?.first_user_id !== userId) return undefined
    const room_id = aggregate?.kind === 'room' ? aggregate.room_id : roomOfCheckpoints(group)
    // It may follow from the new presence. It has been folded again once.
    return later?.has(room_id) ? undefined : { action: 'rebuild', kind: 'rooms', room_id }
  }

  function classifyRecording(item: StateItem): FoundItem | undefined {
    const { aggregate } = item
    if (aggregate?.kind !== 'recording') return undefined
    const recording = recordingOf(item as ProjectionItem | PastItem)
    if (recording === undefined || !isMentioned(JSON.stringify(recording))) return undefined
    const { room_id, recording_id } = aggregate
    return { action: 'mention', mention: { room_id, recording_id, at: recordingTime(recording) } }
  }
}

function remove({ group, item, ...attributes }: StateItem, kind: UserDataKind, unchanged: keyof StateItem = 'version') {
  const key: TableKey = { [attributeNames.group]: group, [attributeNames.item]: item }
  return {
    action: 'delete',
    kind,
    key,
    unchanged: { name: unchanged, value: (attributes as Partial<StateItem>)[unchanged] },
  } as const
}

/** The room of a group of checkpoints. Only ids of more than 200 bytes cannot be read from a key. */
function roomOfCheckpoints(group: string): string {
  return decodeURIComponent((group.split('/')[1] ?? '').replace(/%(?!23|25|2f|7e)/gi, '%25'))
}
