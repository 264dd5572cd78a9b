import { ApiError, api } from './api.ts'
import type { ApiParticipant, ApiRoom } from './api-types.ts'
import { badge, estimatedBadge, roomLink, time, userLink } from './components.ts'
import { h } from './dom.ts'
import { translate, translateIfKnown } from './words.ts'

/** The people on a card, and how many more are in the room. */
export type CardPeople = { readonly participants: readonly ApiParticipant[]; readonly omitted: number }

/** @param people undefined until they have been read. */
export function roomCard(room: ApiRoom, people: CardPeople | undefined): HTMLElement {
  return h(
    'li',
    { class: 'card', 'data-key': room.room_id },
    h(
      'h3',
      {},
      roomLink(room.room_id),
      room.name !== null && h('span', { class: 'room-name' }, ` ${room.name}`),
      ' ',
      estimatedBadge(room.estimated),
    ),
    h(
      'p',
      {},
      h('b', { class: 'present' }, room.present),
      ` ${translate('present')}, ${translate('opened')} `,
      time(room.opened_at),
    ),
    people !== undefined &&
      h(
        'ul',
        { class: 'people' },
        ...people.participants.map(participantItem),
        people.omitted > 0 && h('li', { class: 'quiet' }, `+${people.omitted}`),
      ),
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
export async function readCardPeople(id: string): Promise<CardPeople | undefined> {
  try {
    const { room, participants, cursor } = await api.readPresent(id)
    return { participants, omitted: cursor === null ? 0 : room.present - participants.length }
  } catch (error) {
    if (error instanceof ApiError && error.status !== 401 && error.status < 500) return undefined
    throw error
  }
}
