import { api, type Participant, Refused, type Room, type Stats } from './api.ts'
import { type Child, h } from './dom.ts'
import { badge, estimatedBadge, facts, roomLink, table, time, userLink } from './parts.ts'
import { say, sayIfKnown } from './words.ts'

/** Of the rooms on the screen, whose people are read at once. */
const roomConcurrency = 6

/** Rooms of the first look: what fits on a screen, and quickly. */
const firstRooms = 60

export type BoardData = { readonly rooms: readonly Room[]; readonly closed: readonly Room[]; readonly stats: Stats }

/** The live board: a card a room. The people of a room are read only while its card is on the screen. */
export class Board {
  #filter = ''
  #showsClosed = false
  #looked = false
  readonly #visible = new Set<string>()
  readonly #people = new Map<string, readonly Participant[]>()
  readonly #cards = new Map<string, { readonly text: string; readonly card: HTMLElement }>()
  readonly #onVisible: () => void
  readonly #observer: IntersectionObserver

  /** @param onVisible other cards have come on the screen. */
  constructor(onVisible: () => void) {
    this.#onVisible = onVisible
    this.#observer = new IntersectionObserver((entries) => this.#look(entries), { rootMargin: '200px' })
  }

  async load(): Promise<BoardData> {
    const most = this.#looked ? undefined : firstRooms
    const [rooms, stats, closed] = await Promise.all([
      api.rooms(most),
      api.stats(),
      this.#showsClosed ? api.readClosingTimes() : { items: [] },
    ])
    await this.#readPeople(rooms.items)
    if (!this.#looked && rooms.cursor !== null) setTimeout(this.#onVisible)
    this.#looked = true
    return { rooms: rooms.items.toSorted(byId), closed: closed.items.toSorted(byId), stats }
  }

  filter(text: string): void {
    this.#filter = text
  }

  /** For the next who signs in. */
  reset(): void {
    this.#filter = ''
    this.#showsClosed = false
  }

  showClosed(shown: boolean): void {
    this.#showsClosed = shown
  }

  render({ rooms, closed, stats }: BoardData): Child[] {
    const wanted = rooms.filter(({ room_id }) => room_id.includes(this.#filter))
    for (const id of this.#cards.keys()) if (!rooms.some(({ room_id }) => room_id === id)) this.#forget(id)
    return [
      h('h1', {}, say('board')),
      facts([
        [say('rooms_open'), stats.rooms_open, 'rooms-open'],
        [say('participants_present'), stats.participants_present, 'participants-present'],
      ]),
      h(
        'form',
        { class: 'tools', 'data-action': 'find-user' },
        h(
          'label',
          {},
          say('filter'),
          h('input', {
            type: 'search',
            id: 'filter',
            'data-input': 'filter',
            value: this.#filter,
            autocomplete: 'off',
          }),
        ),
        h('label', {}, say('userId'), h('input', { type: 'text', id: 'user', name: 'user', autocomplete: 'off' })),
        h('button', { type: 'submit' }, say('findUser')),
        h(
          'label',
          { class: 'check' },
          h('input', { type: 'checkbox', id: 'show-closed', 'data-input': 'show-closed', checked: this.#showsClosed }),
          say('showClosed'),
        ),
      ),
      h('h2', {}, say('openRooms')),
      wanted.length === 0 && h('p', { class: 'quiet' }, say('noRooms')),
      h('ul', { class: 'cards' }, ...wanted.map((room) => this.#cardOf(room))),
      this.#showsClosed &&
        table(
          say('readClosingTimes'),
          ['room', 'opened', 'closedAt', 'reason'],
          closed
            .filter(({ room_id }) => room_id.includes(this.#filter))
            .map((room) => ({
              key: room.room_id,
              cells: [
                roomLink(room.room_id),
                time(room.opened_at),
                time(room.closed_at),
                [room.close_reason ?? '–', room.estimated ? ` (${say('estimated')})` : ''].join(''),
              ],
            })),
        ),
    ]
  }

  #look(entries: readonly IntersectionObserverEntry[]): void {
    let news = false
    for (const { target, isIntersecting } of entries) {
      const id = target.getAttribute('data-key') ?? ''
      if (!isIntersecting) this.#visible.delete(id)
      else if (!this.#visible.has(id)) {
        this.#visible.add(id)
        news ||= !this.#people.has(id)
      }
    }
    if (news) this.#onVisible()
  }

  async #readPeople(rooms: readonly Room[]): Promise<void> {
    const wanted = rooms.filter(({ room_id }) => this.#visible.has(room_id)).map(({ room_id }) => room_id)
    const readers = Array.from({ length: roomConcurrency }, async () => {
      for (let id = wanted.shift(); id !== undefined; id = wanted.shift()) {
        const people = await peopleIn(id)
        if (people === undefined) this.#people.delete(id)
        else this.#people.set(id, people)
      }
    })
    await Promise.all(readers)
  }

  #forget(id: string): void {
    const known = this.#cards.get(id)
    if (known) this.#observer.unobserve(known.card)
    this.#cards.delete(id)
    this.#people.delete(id)
    this.#visible.delete(id)
  }

  /** The card that is there already, where nothing about it has changed. */
  #cardOf(room: Room): HTMLElement {
    const { last_event_at: _, ...shown } = room
    const people = this.#people.get(room.room_id)
    const text = JSON.stringify([shown, people, say('people')])
    const known = this.#cards.get(room.room_id)
    if (known?.text === text) return known.card
    const next = card(room, people)
    // The element stays the one that is observed; only what is in it changes.
    if (known) {
      known.card.replaceChildren(...next.childNodes)
      this.#cards.set(room.room_id, { text, card: known.card })
      return known.card
    }
    this.#observer.observe(next)
    this.#cards.set(room.room_id, { text, card: next })
    return next
  }
}

/** Undefined where the API cannot say who is in this one room: the others are shown all the same. */
async function peopleIn(id: string): Promise<readonly Participant[] | undefined> {
  try {
    const { participants } = await api.room(id)
    // A room named "x/events" is asked for in vain: that path is the log of another.
    if (!Array.isArray(participants)) return undefined
    return participants.filter(({ status }) => status === 'in_room')
  } catch (error) {
    if (error instanceof Refused && error.status !== 401 && error.status < 500) return undefined
    throw error
  }
}

function card(room: Room, people: readonly Participant[] | undefined): HTMLElement {
  return h(
    'li',
    { class: 'card', 'data-key': room.room_id },
    h('h3', {}, roomLink(room.room_id), ' ', estimatedBadge(room.estimated)),
    h(
      'p',
      {},
      h('b', { class: 'present' }, room.present),
      ` ${say('present')}, ${say('opened')} `,
      time(room.opened_at),
    ),
    people !== undefined && h('ul', { class: 'people' }, ...people.map(person)),
  )
}

function person({ user_id, user_name, endpoint_type, reconnects, estimated, streams }: Participant): HTMLElement {
  const sends = new Set(streams.map(({ stream_type }) => stream_type))
  return h(
    'li',
    {},
    h('span', { class: 'name' }, user_name ?? user_id),
    ' ',
    userLink(user_id),
    ' ',
    endpoint_type !== null && badge(sayIfKnown(endpoint_type)),
    sends.has('audio') && badge(say('microphone'), 'good'),
    sends.has('video') && badge(say('camera'), 'good'),
    sends.has('desktop') && badge(say('desktop'), 'good'),
    reconnects > 0 && badge(`${say('reconnects')} ${reconnects}`, 'warn'),
    estimatedBadge(estimated),
  )
}

const byNumber = new Intl.Collator('en', { numeric: true })

function byId(left: Room, right: Room): number {
  return byNumber.compare(left.room_id, right.room_id)
}
