import { useMemo, useState } from 'preact/hooks'
import { api } from '../api.ts'
import { Loading } from '../elements/loading.tsx'
import { SearchField } from '../elements/search-field.tsx'
import { Translated } from '../elements/translated.tsx'
import { formatAddress } from '../state/address.ts'
import { readSeldom } from '../state/read-seldom.ts'
import { useData } from '../state/use-data.ts'
import { translate } from '../words.ts'
import { PeopleTable } from './people-table.tsx'

const pageSize = 200
/** A search reads the whole directory. */
const minReadIntervalMs = 15_000

/** Finds people by a part of their name or id. @param props.filter empty for everybody. */
export function PeoplePage({ filter }: { filter: string }) {
  const [wanted, setWanted] = useState(pageSize)
  const q = filter.trim()
  const key = `people ${wanted} ${q}`
  const read = useMemo(() => readSeldom(() => api.listPeople(q, wanted), minReadIntervalMs), [key])
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
        <PeopleTable
          people={data.items}
          empty={q === '' ? translate('nobodyYet') : <Translated text="noPeople" values={{ q }} />}
        />
      )}
      {data !== undefined && data.cursor !== null && (
        <button type="button" id="more-people" onClick={() => setWanted(wanted + pageSize)}>
          {translate('morePeople')}
        </button>
      )}
      {q !== '' && (
        <p>
          <a id="whole-id" href={formatAddress(['users', q])}>
            <Translated text="wholeId" values={{ q }} />
          </a>
        </p>
      )}
      <p class="quiet">{translate('peopleHelp')}</p>
    </>
  )
}
