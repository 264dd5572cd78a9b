import { useMemo } from 'preact/hooks'
import { api } from '../api.ts'
import type { UsagePeriod } from '../api-types.ts'
import { Facts } from '../elements/facts.tsx'
import { Loading } from '../elements/loading.tsx'
import { type Days, monthBefore, toPeriod } from '../elements/period.ts'
import { DayFields } from '../elements/period-fields.tsx'
import { formatNumber } from '../format.ts'
import { changeParameters } from '../state/address.ts'
import { readSeldom } from '../state/read-seldom.ts'
import { useData } from '../state/use-data.ts'
import { timeZone } from '../time-zone.ts'
import { type TextKey, translate } from '../words.ts'
import { formatStart } from './format-start.ts'
import { summarizeBars, type UsageSummary } from './usage-bars.ts'
import { UsageChart } from './usage-chart.tsx'
import { intervalOf, readUsageChoice, usagePeriods } from './usage-choice.ts'
import { UsageTable } from './usage-table.tsx'

/** Usage is sampled once a minute. */
const minReadIntervalMs = 60_000

/** How many people and rooms there were, by hour, day or month. The choice stands in the address. */
export function UsagePage({ parameters }: { parameters: Readonly<Record<string, string>> }) {
  const zone = timeZone.value
  const { period, days } = readUsageChoice(parameters, Date.now(), zone)
  const query = { period, ...toPeriod(days, zone) }
  const key = `usage ${JSON.stringify(query)}`
  const read = useMemo(() => readSeldom(async () => (await api.listUsage(query)).items, minReadIntervalMs), [key])
  const { data } = useData(key, read)
  const summary = useMemo(
    () => data && summarizeBars(data, period, intervalOf(days, Date.now(), zone), zone),
    [data, key, zone],
  )
  return (
    <>
      <h1>{translate('usage')}</h1>
      {summary !== undefined && <Peak summary={summary} period={period} />}
      <UsageTools period={period} days={days} />
      {summary === undefined ? <Loading /> : <UsageContent summary={summary} period={period} />}
    </>
  )
}

function Peak({ summary: { peak }, period }: { summary: UsageSummary; period: UsagePeriod }) {
  return (
    <p id="usage-peak" class="answer">
      {peak === undefined
        ? translate('noUsage')
        : translate('usagePeak', {
            people: formatNumber(peak.peak_people),
            when: formatStart(peak.startMs, period),
          })}
    </p>
  )
}

function UsageTools({ period, days }: { period: UsagePeriod; days: Days }) {
  const months: readonly { readonly id: string; readonly text: TextKey; readonly before: number }[] = [
    { id: 'this-month', text: 'thisMonth', before: 0 },
    { id: 'last-month', text: 'previousMonth', before: 1 },
  ]
  return (
    <div class="tools">
      <label>
        {translate('summarizeBy')}
        <select
          id="usage-period"
          value={period}
          onChange={({ currentTarget: { value } }) => changeParameters({ period: value === 'day' ? '' : value })}
        >
          {usagePeriods.map((one) => (
            <option key={one} value={one}>
              {translate(one)}
            </option>
          ))}
        </select>
      </label>
      <DayFields days={days} />
      {months.map(({ id, text, before }) => (
        <button
          key={id}
          type="button"
          id={id}
          onClick={() => changeParameters(monthBefore(Date.now(), before, timeZone.value))}
        >
          {translate(text)}
        </button>
      ))}
    </div>
  )
}

function UsageContent({ summary, period }: { summary: UsageSummary; period: UsagePeriod }) {
  const { bars, gaps, personMinutes, meetings } = summary
  const incomplete = bars.filter(({ isIncomplete }) => isIncomplete).length + gaps.length
  const rows = useMemo(() => bars.toReversed(), [bars])
  return (
    <>
      <Facts
        facts={[
          { name: translate('personMinutes'), value: formatNumber(personMinutes), id: 'usage-person-minutes' },
          { name: translate('meetingCount'), value: formatNumber(meetings), id: 'usage-meetings' },
        ]}
      />
      {incomplete > 0 && <p id="usage-gaps">{translate('usageGaps', { count: incomplete })}</p>}
      <UsageChart summary={summary} period={period} />
      <p class="usage-help quiet">{translate('usageHelp')}</p>
      <UsageTable rows={rows} period={period} />
    </>
  )
}
