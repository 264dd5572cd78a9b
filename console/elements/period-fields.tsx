import { changeParameters } from '../state/address.ts'
import { timeZone } from '../time-zone.ts'
import { translate } from '../words.ts'
import { type Days, lastWeek } from './period.ts'

/** Chooses the first and the last day, which are kept in the address as `from` and `to`. */
export function DayFields({ days: { from, to } }: { days: Days }) {
  return (
    <>
      <label>
        {translate('fromDay')}
        <input
          type="date"
          id="from"
          value={from}
          max={to}
          onChange={({ currentTarget }) => changeParameters({ from: currentTarget.value })}
        />
      </label>
      <label>
        {translate('toDay')}
        <input
          type="date"
          id="to"
          value={to}
          min={from}
          onChange={({ currentTarget }) => changeParameters({ to: currentTarget.value })}
        />
      </label>
    </>
  )
}

/** Chooses days, or no limit. */
export function PeriodFields({ days }: { days: Days }) {
  return (
    <>
      <DayFields days={days} />
      <button type="button" id="last-week" onClick={() => changeParameters(lastWeek(Date.now(), timeZone.value))}>
        {translate('lastWeek')}
      </button>
      {(days.from !== '' || days.to !== '') && (
        <button type="button" id="any-time" onClick={() => changeParameters({ from: '', to: '' })}>
          {translate('anyTime')}
        </button>
      )}
    </>
  )
}
