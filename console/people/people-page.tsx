import { useMemo, useState } from 'preact/hooks'
import { api } from '../api.ts'
import { Loading } from '../elements/loading.tsx'
import { SearchField } from '../elements/search-field.tsx'
import { createRoomNames, findRoomName } from '../rooms/room-names.ts'
import { formatAddress } from '../state/address.ts'
import { readSeldom } from '../state/read-seldom.ts'
import { useData } from '../state/use-data.ts'
import { translate } from '../words.ts'
import { PeopleTable, type PersonRow } from './people-table.tsx'

const pageSize = 200
/** A search reads the whole directory. */
const minReadIntervalMs = 15_000

type PeopleData = { readonly people: readonly PersonRow[]; readonly hasMore: boolean }

/** Finds people by a part of their name or id. @param props.filter empty for everybody. */
export function PeoplePage({ filter }: { filter: string }) {
  const [wanted, setWanted] = useState(pageSize)
  const q = filter.trim()
  const key = `people ${wanted} ${q}`
  const readNames = useMemo(createRoomNames, [])
  const read = useMemo(() => readSeldom(() => readPeople(q, wanted, readNames), minReadIntervalMs), [key])
  const { data } = useData(key, read)
  return (
    <>
      <h1>{translate('people')}</h1>
      <div class="tools">
        <SearchField id="find-people" label={translate('findPeople')} value={filter} />
      </div>
      {data === undefined ? (
        <Loading />
      ) : (
        <PeopleTable people={data.people} empty={q === '' ? translate('nobodyYet') : translate('noPeople', { q })} />
      )}
      {data?.hasMore === true && (
        <button type="button" id="more-people" onClick={() => setWanted(wanted + pageSize)}>
          {translate('morePeople')}
        </button>
      )}
      {q !== '' && (
        <p>
          <a id="whole-id" href={formatAddress(['users', q])}>
            {translate('wholeId', { q })}
          </a>
        </p>
      )}
      <p class="quiet">{translate('peopleHelp')}</p>
    </>
  )
}

async function readPeople(
  q: string,
  wanted: number,
  readNames: ReturnType<typeof createRoomNames>,
): Promise<PeopleData> {
  const { items, cursor } = await api.listPeople(q, wanted)
  const isAnybodyPresent = items.some(({ present_in }) => present_in.length > 0)
  const names = isAnybodyPresent ? await readNames() : {}
  const people = items.map((person) => ({
    ...person,
    rooms: person.present_in.map((room_id) => ({ room_id, name: findRoomName(names, room_id) })),
  }))
  return { people, hasMore: cursor !== null }
}
