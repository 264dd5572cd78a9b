import { changeParameters, formatAddress, goTo } from '../state/address.ts'
import { type TextKey, translate } from '../words.ts'
import type { BoardChoice } from './board-choice.ts'
import { type RoomOrder, roomOrders } from './select-rooms.ts'

const orderTexts: Readonly<Record<RoomOrder, TextKey>> = {
  occupied: 'sortByOccupied',
  id: 'sortById',
  name: 'sortByName',
  present: 'sortByPresent',
  opened: 'sortByOpened',
}

/** What the board shows, and the search for people. Every choice is kept in the address. */
export function BoardTools({ choice: { filter, order, view } }: { choice: BoardChoice }) {
  return (
    <div class="tools">
      <label>
        {translate('filterRooms')}
        <input
          type="search"
          dir="auto"
          id="filter"
          autocomplete="off"
          value={filter}
          onInput={({ currentTarget }) => changeParameters({ q: currentTarget.value })}
        />
      </label>
      <label>
        {translate('sortBy')}
        <select
          id="sort"
          value={order}
          onChange={({ currentTarget: { value } }) => changeParameters({ sort: value === 'occupied' ? '' : value })}
        >
          {roomOrders.map((one) => (
            <option key={one} value={one}>
              {translate(orderTexts[one])}
            </option>
          ))}
        </select>
      </label>
      <label>
        {translate('viewAs')}
        <select
          id="view"
          value={view}
          onChange={({ currentTarget: { value } }) => changeParameters({ view: value === 'cards' ? '' : value })}
        >
          <option value="cards">{translate('cards')}</option>
          <option value="list">{translate('list')}</option>
        </select>
      </label>
      <FindPeople />
      <a id="show-closed" href={formatAddress(['closed'])}>
        {translate('closedRooms')}
      </a>
    </div>
  )
}

function FindPeople() {
  const find = (event: Event) => {
    event.preventDefault()
    const q = document.querySelector<HTMLInputElement>('#user')?.value.trim() ?? ''
    goTo(formatAddress(['people'], q === '' ? {} : { q }))
  }
  return (
    <form class="with-field" onSubmit={find}>
      <label>
        {translate('findPeople')}
        <input type="search" dir="auto" id="user" name="user" autocomplete="off" />
      </label>
      <button type="submit">{translate('find')}</button>
    </form>
  )
}
