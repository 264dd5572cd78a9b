import { changeParameters } from '../state/address.ts'
import { translate } from '../words.ts'
import { type Days, lastWeek } from './period.ts'

/** Chooses days, which are kept in the address as `from` and `to`. */
export function PeriodFields({ days: { from, to } }: { days: Days }) {
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
      <button type="button" id="last-week" onClick={() => changeParameters(lastWeek(new Date()))}>
        {translate('lastWeek')}
      </button>
      {(from !== '' || to !== '') && (
        <button type="button" id="any-time" onClick={() => changeParameters({ from: '', to: '' })}>
          {translate('anyTime')}
        </button>
      )}
    </>
  )
}
