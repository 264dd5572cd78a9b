import { api } from './api.ts'
import type { ApiPage, ApiRoom } from './api-types.ts'
import { CardReader } from './card-reader.ts'
import { factList, roomLink, table, time } from './components.ts'
import { type Child, h } from './dom.ts'
import type { ConsolePage } from './page.ts'
import { roomCard } from './room-card.ts'
import { currentLanguage, translate } from './words.ts'

/** Scrolling may load the people of further cards at any time, but the list at most once in this time. */
const minListIntervalMs = 2000

/** Number of rooms in the first request: enough to fill a screen quickly. */
const firstLoadRooms = 60

export type BoardData = {
  readonly rooms: readonly ApiRoom[]
  readonly closed: readonly ApiRoom[]
  /** Undefined until all rooms have been read. */
  readonly open: { readonly rooms: number; readonly participants: number } | undefined
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
  #lists: BoardData | undefined
  #listsReadAtMs = 0
  readonly #visible = new Set<string>()
  readonly #cardReader = new CardReader()
  readonly #cards = new Map<string, CachedCard>()
  readonly #requestRefresh: () => void
  readonly #observer: IntersectionObserver

  /** @param requestRefresh called if more data is needed before the next scheduled refresh. */
  constructor(requestRefresh: () => void) {
    this.#requestRefresh = requestRefresh
    this.#observer = new IntersectionObserver((entries) => this.#updateVisible(entries), { rootMargin: '200px' })
  }

  async load(): Promise<BoardData> {
    const isRecent = performance.now() - this.#listsReadAtMs < minListIntervalMs
    const lists = this.#lists?.open !== undefined && isRecent ? this.#lists : await this.#readLists()
    await this.#cardReader.read(lists.rooms.filter(({ room_id }) => this.#visible.has(room_id)))
    if (lists.open === undefined) setTimeout(this.#requestRefresh)
    return lists
  }

  async #readLists(): Promise<BoardData> {
    const readAtMs = performance.now()
    const isFirst = this.#lists === undefined
    const [rooms, closed] = await Promise.all([
      api.listOpenRooms(isFirst ? firstLoadRooms : undefined),
      this.#showsClosed ? api.listClosedRooms() : { items: [] },
    ])
    const open = isFirst && rooms.cursor !== null ? undefined : await countOpen(rooms)
    this.#listsReadAtMs = readAtMs
    this.#lists = { rooms: rooms.items.toSorted(compareIds), closed: closed.items.toSorted(compareIds), open }
    return this.#lists
  }

  filter(text: string): void {
    this.#filter = text
  }

  showClosed(shown: boolean): void {
    this.#showsClosed = shown
    this.#listsReadAtMs = Number.NEGATIVE_INFINITY
  }

  /** Clears the choices of the user who signed out. */
  reset(): void {
    this.#filter = ''
    this.#showsClosed = false
    this.#lists = undefined
  }

  render({ rooms, closed, open }: BoardData): Child[] {
    const matchesFilter = ({ room_id, name }: ApiRoom) =>
      room_id.includes(this.#filter) || (name?.includes(this.#filter) ?? false)
    const shown = rooms.filter(matchesFilter)
    for (const id of this.#cards.keys()) if (!rooms.some(({ room_id }) => room_id === id)) this.#removeCard(id)
    return [
      h('h1', {}, translate('board')),
      factList([
        [translate('rooms_open'), open?.rooms ?? '…', 'rooms-open'],
        [translate('participants_present'), open?.participants ?? '…', 'participants-present'],
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
        needsPeople ||= !this.#cardReader.hasRead(id)
      }
    }
    if (needsPeople) this.#requestRefresh()
  }

  #removeCard(id: string): void {
    const card = this.#cards.get(id)
    if (card) this.#observer.unobserve(card.element)
    this.#cards.delete(id)
    this.#cardReader.forget(id)
    this.#visible.delete(id)
  }

  /** Returns the existing element of the card, which the observer knows, and updates it if its content has changed. */
  #cardOf(room: ApiRoom): HTMLElement {
    const people = this.#cardReader.peopleOf(room.room_id)
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

/** Counts the rooms that were read, or asks the API if there are more. */
async function countOpen({ items, cursor }: ApiPage<ApiRoom>): Promise<BoardData['open']> {
  if (cursor === null)
    return { rooms: items.length, participants: items.reduce((sum, { present }) => sum + present, 0) }
  const { rooms_open, participants_present } = await api.readStats()
  return { rooms: rooms_open, participants: participants_present }
}

function closedRoomsTable(rooms: readonly ApiRoom[]): HTMLElement {
  return table(
    translate('closedRooms'),
    ['room', 'opened', 'closedAt', 'reason'],
    rooms.map((room) => ({
      key: room.room_id,
      cells: [
        h('span', {}, roomLink(room.room_id), room.name !== null && ` ${room.name}`),
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
