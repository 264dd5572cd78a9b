import type { ApiCallbackCounts } from '../api-types.ts'
import { Word } from '../elements/badge.tsx'
import { type Column, Table } from '../elements/table.tsx'
import { WireText } from '../elements/wire-text.tsx'
import { translate } from '../words.ts'

type KindCount = ApiCallbackCounts['kinds'][number]

const columns: readonly Column<KindCount>[] = [
  {
    title: 'eventKind',
    cell: ({ event }) => (
      <>
        <Word of="event" value={event} />{' '}
        {event !== 'other' && (
          <code>
            <WireText text={event} />
          </code>
        )}
      </>
    ),
  },
  { title: 'sentBy', cell: ({ sent_by }) => <Word of="sender" value={sent_by} /> },
  { title: 'callbackCount', cell: ({ callbacks }) => callbacks, isNumber: true },
]

/** How many callbacks of each kind were applied today, so that a kind that never arrives is noticed. */
export function CallbackTable({ counts }: { counts: ApiCallbackCounts }) {
  return (
    <Table
      caption={translate('callbacksToday')}
      columns={columns}
      rows={counts.kinds}
      keyOf={({ event }) => event}
      empty={translate('noData')}
    />
  )
}
