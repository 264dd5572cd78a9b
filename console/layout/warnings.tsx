import type { WarningCode } from '../api-types.ts'
import { InBrackets } from '../elements/in-brackets.tsx'
import { titleOfWarning } from '../elements/title-of-warning.ts'
import { address, linkToPage } from '../state/address.ts'
import { health } from '../state/health.ts'
import { translate } from '../words.ts'

/** How much needs attention, in one line on every page but the one about health, which explains it. */
export function Warnings() {
  const isHealthPage = address.value.path[0] === 'health'
  const codes = isHealthPage ? [] : (health.value?.warnings ?? [])
  return (
    <output id="warnings" class={codes.length === 0 ? '' : 'warnings'}>
      {codes.length > 0 && <Summary codes={codes} />}
    </output>
  )
}

function Summary({ codes }: { codes: readonly WarningCode[] }) {
  const titles = codes.map((code) => titleOfWarning(code) ?? code)
  return (
    <>
      <a href={linkToPage('health')}>
        {translate(codes.length === 1 ? 'oneProblem' : 'severalProblems', { count: codes.length })}
      </a>
      <span class="warning-titles">
        <InBrackets>{titles.join(translate('listComma'))}</InBrackets>
      </span>
    </>
  )
}
