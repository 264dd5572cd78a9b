import { eraseFromEvent } from '../../../core/erasure/erase-event.ts'
import { createMentionFinder } from '../../../core/erasure/mentions.ts'
import { findUserParameters, isUserParameter } from '../../../core/erasure/user-parameters.ts'
import { parseJson } from '../../../core/protocol/parse-json.ts'
import { aggregateOf } from '../../../core/state/aggregate.ts'
import * as attributeNames from '../../../names/attributes.ts'
import { type EventItem, fromEventItem } from '../event-item.ts'
import type { FoundItem, TableKey, UserQuery } from './found-item.ts'

/** An item of the event log; a quarantined message that is no event has a body instead of parameters. */
export type LogItem = Pick<EventItem, 'stream' | 'event_key' | 'received_at' | 'quarantined'> &
  Partial<EventItem> & { readonly body?: string }

/** Determines what an item of the event log says about a person. @returns undefined if nothing. */
export function createEventClassifier({ userId, at }: UserQuery): (item: LogItem) => FoundItem | undefined {
  const isMentioned = createMentionFinder(userId)
  const isUser = (id: string) => id === userId
  return (item) => {
    const { received_at, quarantined } = item
    if (quarantined !== undefined) {
      if (received_at > at || !concernsUser(item)) return undefined
      return { action: 'delete', kind: 'quarantined', key: keyOf(item), unchanged: receivedAtOf(item) }
    }
    const event = fromEventItem(item as EventItem)
    const remaining = eraseFromEvent(event, isUser)
    if (remaining === 'erased') {
      const aggregate = aggregateOf(event)
      if (received_at > at)
        return { action: 'keep', participant: aggregate.kind === 'participant' ? aggregate : undefined }
      return { action: 'delete', kind: 'events', key: keyOf(item), unchanged: receivedAtOf(item), received_at }
    }
    const before = item.params ?? ''
    if (remaining !== event) {
      if (received_at > at) return { action: 'keep', participant: undefined }
      const after = JSON.stringify(remaining.params)
      return { action: 'rewrite', kind: 'events_of_others', key: keyOf(item), attribute: 'params', before, after }
    }
    if (!isMentioned(before)) return undefined
    const { event: name, trace_id, params } = event
    const mention = { room_id: params.room_id ?? null, event: name, trace_id, at: received_at }
    return { action: 'mention', mention }
  }

  /** A quarantined message has no effect, so it is deleted if it may be about the person. */
  function concernsUser({ params, body }: LogItem): boolean {
    if (params !== undefined && findUserParameters(JSON.parse(params), isUser).length > 0) return true
    if (body === undefined) return false
    const parsed = parseJson(body)
    return parsed === undefined ? isMentioned(body) : hasUser(parsed)
  }

  function hasUser(value: unknown): boolean {
    if (typeof value !== 'object' || value === null) return false
    return Object.entries(value).some(
      ([name, member]) => (isUserParameter(name) && String(member) === userId) || hasUser(member),
    )
  }
}

function keyOf({ stream, event_key }: LogItem): TableKey {
  return { [attributeNames.stream]: stream, [attributeNames.eventKey]: event_key }
}

function receivedAtOf({ received_at }: LogItem) {
  return { name: 'received_at', value: received_at }
}
