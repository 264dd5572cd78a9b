import { useMemo } from 'preact/hooks'
import type { UsagePeriod } from '../api-types.ts'
import { Badge } from '../elements/badge.tsx'
import { type Column, Table } from '../elements/table.tsx'
import { formatNumber } from '../format.ts'
import { translate } from '../words.ts'
import { formatStart } from './format-start.ts'
import type { UsageBar } from './usage-bars.ts'

/** @param rows newest first. */
export function UsageTable({ rows, period }: { rows: readonly UsageBar[]; period: UsagePeriod }) {
  const columns = useMemo(() => listColumns(period), [period])
  return (
    <Table
      caption={translate('usage')}
      columns={columns}
      rows={rows}
      keyOf={({ period_start }) => period_start}
      empty={translate('noUsage')}
    />
  )
}

function listColumns(period: UsagePeriod): readonly Column<UsageBar>[] {
  return [
    {
      title: 'usagePeriod',
      cell: ({ period_start, startMs }) => <time dateTime={period_start}>{formatStart(startMs, period)}</time>,
    },
    { title: 'peakPeople', cell: ({ peak_people }) => formatNumber(peak_people), isNumber: true },
    { title: 'peakRooms', cell: ({ peak_rooms }) => formatNumber(peak_rooms), isNumber: true },
    { title: 'personMinutes', cell: ({ person_minutes }) => formatNumber(person_minutes), isNumber: true },
    { title: 'meetingCount', cell: ({ meetings }) => formatNumber(meetings), isNumber: true },
    { title: 'sampledMinutes', cell: (bar) => <Sampled bar={bar} />, isNumber: true },
  ]
}

/** How much of the period was sampled. */
function Sampled({ bar: { sampled_minutes, expectedMinutes, isIncomplete } }: { bar: UsageBar }) {
  if (!isIncomplete) return formatNumber(sampled_minutes)
  const values = { sampled: formatNumber(sampled_minutes), expected: formatNumber(expectedMinutes) }
  return (
    <>
      <Badge text={translate('incomplete')} kind="warn" /> {translate('sampledOf', values)}
    </>
  )
}
