import { WarningList } from '../elements/warning-list.tsx'
import { address } from '../state/address.ts'
import { health } from '../state/health.ts'

/** What needs attention, on every page but the one about health, which says it anyway. */
export function Warnings() {
  const isHealthPage = address.value.path[0] === 'health'
  const codes = isHealthPage ? [] : (health.value?.warnings ?? [])
  return (
    <output id="warnings" class={codes.length === 0 ? '' : 'warnings'}>
      {codes.length > 0 && <WarningList codes={codes} />}
    </output>
  )
}
