import { api } from './api.ts'
import type { ApiRoom, ApiStats } from './api-types.ts'
import { factList, roomLink, table, time } from './components.ts'
import { type Child, h } from './dom.ts'
import type { ConsolePage } from './page.ts'
import { type CardPeople, readCardPeople, roomCard } from './room-card.ts'
import { currentLanguage, translate } from './words.ts'

const roomReadConcurrency = 6

/** Number of rooms in the first request: enough to fill a screen quickly. */
const firstLoadRooms = 60

export type BoardData = {
  readonly rooms: readonly ApiRoom[]
  readonly closed: readonly ApiRoom[]
  readonly stats: ApiStats
}

type CachedCard = {
  /** What the card shows, serialized. */
  readonly content: string
  readonly element: HTMLElement
}

/** The live board, with one card per room. The participants of a room are read only while its card is on the screen. */
export class Board implements ConsolePage<BoardData> {
  #filter = ''
  #showsClosed = false
  #loadedOnce = false
  readonly #visible = new Set<string>()
  readonly #people = new Map<string, CardPeople>()
  readonly #cards = new Map<string, CachedCard>()
  readonly #requestRefresh: () => void
  readonly #observer: IntersectionObserver

  /** @param requestRefresh called if more data is needed before the next scheduled refresh. */
  constructor(requestRefresh: () => void) {
    this.#requestRefresh = requestRefresh
    this.#observer = new IntersectionObserver((entries) => this.#updateVisible(entries), { rootMargin: '200px' })
  }

  async load(): Promise<BoardData> {
    const [rooms, stats, closed] = await Promise.all([
      api.listOpenRooms(this.#loadedOnce ? undefined : firstLoadRooms),
      api.readStats(),
      this.#showsClosed ? api.listClosedRooms() : { items: [] },
    ])
    await this.#readPeople(rooms.items)
    if (!this.#loadedOnce && rooms.cursor !== null) setTimeout(this.#requestRefresh)
    this.#loadedOnce = true
    return { rooms: rooms.items.toSorted(compareIds), closed: closed.items.toSorted(compareIds), stats }
  }

  filter(text: string): void {
    this.#filter = text
  }

  showClosed(shown: boolean): void {
    this.#showsClosed = shown
  }

  /** Clears the choices of the user who signed out. */
  reset(): void {
    this.#filter = ''
    this.#showsClosed = false
  }

  render({ rooms, closed, stats }: BoardData): Child[] {
    const matchesFilter = ({ room_id }: ApiRoom) => room_id.includes(this.#filter)
    const shown = rooms.filter(matchesFilter)
    for (const id of this.#cards.keys()) if (!rooms.some(({ room_id }) => room_id === id)) this.#removeCard(id)
    return [
      h('h1', {}, translate('board')),
      factList([
        [translate('rooms_open'), stats.rooms_open, 'rooms-open'],
        [translate('participants_present'), stats.participants_present, 'participants-present'],
      ]),
      this.#tools(),
      h('h2', {}, translate('openRooms')),
      shown.length === 0 && h('p', { class: 'quiet' }, translate('noRooms')),
      h('ul', { class: 'cards' }, ...shown.map((room) => this.#cardOf(room))),
      this.#showsClosed && closedRoomsTable(closed.filter(matchesFilter)),
    ]
  }

  #tools(): HTMLElement {
    const filter = {
      type: 'search',
      id: 'filter',
      'data-input': 'filter',
      value: this.#filter,
      autocomplete: 'off',
    }
    const closed = { type: 'checkbox', id: 'show-closed', 'data-input': 'show-closed', checked: this.#showsClosed }
    const user = { type: 'text', id: 'user', name: 'user', autocomplete: 'off' }
    return h(
      'form',
      { class: 'tools', 'data-action': 'find-user' },
      h('label', {}, translate('filter'), h('input', filter)),
      h('label', {}, translate('userId'), h('input', user)),
      h('button', { type: 'submit' }, translate('findUser')),
      h('label', { class: 'check' }, h('input', closed), translate('showClosed')),
    )
  }

  #updateVisible(entries: readonly IntersectionObserverEntry[]): void {
    let needsPeople = false
    for (const { target, isIntersecting } of entries) {
      const id = target.getAttribute('data-key') ?? ''
      if (!isIntersecting) this.#visible.delete(id)
      else if (!this.#visible.has(id)) {
        this.#visible.add(id)
        needsPeople ||= !this.#people.has(id)
      }
    }
    if (needsPeople) this.#requestRefresh()
  }

  async #readPeople(rooms: readonly ApiRoom[]): Promise<void> {
    const pending = rooms.filter(({ room_id }) => this.#visible.has(room_id)).map(({ room_id }) => room_id)
    const readers = Array.from({ length: roomReadConcurrency }, async () => {
      for (let id = pending.shift(); id !== undefined; id = pending.shift()) {
        const people = await readCardPeople(id)
        if (people === undefined) this.#people.delete(id)
        else this.#people.set(id, people)
      }
    })
    await Promise.all(readers)
  }

  #removeCard(id: string): void {
    const card = this.#cards.get(id)
    if (card) this.#observer.unobserve(card.element)
    this.#cards.delete(id)
    this.#people.delete(id)
    this.#visible.delete(id)
  }

  /** Returns the existing element of the card, which the observer knows, and updates it if its content has changed. */
  #cardOf(room: ApiRoom): HTMLElement {
    const people = this.#people.get(room.room_id)
    const content = JSON.stringify([room, people, currentLanguage()])
    const existing = this.#cards.get(room.room_id)
    if (existing?.content === content) return existing.element
    const card = roomCard(room, people)
    if (existing) existing.element.replaceChildren(...card.childNodes)
    else this.#observer.observe(card)
    const element = existing?.element ?? card
    this.#cards.set(room.room_id, { content, element })
    return element
  }
}

function closedRoomsTable(rooms: readonly ApiRoom[]): HTMLElement {
  return table(
    translate('closedRooms'),
    ['room', 'opened', 'closedAt', 'reason'],
    rooms.map((room) => ({
      key: room.room_id,
      cells: [
        roomLink(room.room_id),
        time(room.opened_at),
        time(room.closed_at),
        `${room.close_reason ?? '–'}${room.estimated ? ` (${translate('estimated')})` : ''}`,
      ],
    })),
  )
}

const numericOrder = new Intl.Collator('en', { numeric: true })

function compareIds(left: ApiRoom, right: ApiRoom): number {
  return numericOrder.compare(left.room_id, right.room_id)
}
