import { ApiError, api } from './api.ts'
import type { ApiParticipant, ApiRoom } from './api-types.ts'
import { badge, estimatedBadge, roomLink, time, userLink } from './components.ts'
import { h } from './dom.ts'
import { translate, translateIfKnown } from './words.ts'

/** @param participants undefined until they have been read. */
export function roomCard(room: ApiRoom, participants: readonly ApiParticipant[] | undefined): HTMLElement {
  return h(
    'li',
    { class: 'card', 'data-key': room.room_id },
    h('h3', {}, roomLink(room.room_id), ' ', estimatedBadge(room.estimated)),
    h(
      'p',
      {},
      h('b', { class: 'present' }, room.present),
      ` ${translate('present')}, ${translate('opened')} `,
      time(room.opened_at),
    ),
    participants !== undefined && h('ul', { class: 'people' }, ...participants.map(participantItem)),
  )
}

function participantItem(participant: ApiParticipant): HTMLElement {
  const { user_id, user_name, endpoint_type, reconnects, estimated, streams } = participant
  const published = new Set(streams.map(({ stream_type }) => stream_type))
  return h(
    'li',
    {},
    h('span', { class: 'name' }, user_name ?? user_id),
    ' ',
    userLink(user_id),
    ' ',
    endpoint_type !== null && badge(translateIfKnown(endpoint_type)),
    published.has('audio') && badge(translate('microphone'), 'good'),
    published.has('video') && badge(translate('camera'), 'good'),
    published.has('desktop') && badge(translate('desktop'), 'good'),
    reconnects > 0 && badge(`${translate('reconnects')} ${reconnects}`, 'warn'),
    estimatedBadge(estimated),
  )
}

/**
 * Reads who is in the room now.
 *
 * @returns undefined if this room cannot be read, so that the other rooms can still be shown.
 */
export async function readPresentParticipants(id: string): Promise<readonly ApiParticipant[] | undefined> {
  try {
    const { participants } = await api.readRoom(id)
    // The path of a room named "x/events" returns the event log of room "x", which has no participants.
    if (!Array.isArray(participants)) return undefined
    return participants.filter(({ status }) => status === 'in_room')
  } catch (error) {
    if (error instanceof ApiError && error.status !== 401 && error.status < 500) return undefined
    throw error
  }
}
