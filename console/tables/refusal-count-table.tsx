import { useMemo } from 'preact/hooks'
import type { ApiCallbackCounts } from '../api-types.ts'
import { Word } from '../elements/badge.tsx'
import { type Column, Table } from '../elements/table.tsx'
import { translate } from '../words.ts'
import { RefusalExplanation } from './refusal-explanation.tsx'

type RefusalCount = ApiCallbackCounts['refused'][number]

const columns: readonly Column<RefusalCount>[] = [
  { title: 'cause', cell: ({ outcome }) => <Word of="refused_outcome" value={outcome} /> },
  { title: 'refusalMeaning', cell: ({ outcome }) => <RefusalExplanation outcome={outcome} /> },
  { title: 'callbackCount', cell: ({ callbacks }) => callbacks, isNumber: true },
]

/** How many callbacks were refused today, by cause. Causes without any are omitted. */
export function RefusalCountTable({ refused }: Pick<ApiCallbackCounts, 'refused'>) {
  const rows = useMemo(() => refused.filter(({ callbacks }) => callbacks > 0), [refused])
  return (
    <Table
      caption={translate('refusedToday')}
      columns={columns}
      rows={rows}
      keyOf={({ outcome }) => outcome}
      empty={translate('noneRefusedToday')}
    />
  )
}
