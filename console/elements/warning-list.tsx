import type { WarningCode } from '../api-types.ts'
import { linkToPage } from '../state/address.ts'
import { translate } from '../words.ts'
import { titleOfWarning } from './title-of-warning.ts'
import { Translated } from './translated.tsx'
import { explanations } from './warning-explanations.ts'

/** What needs attention, and where to read what to do. */
export function WarningList({ codes }: { codes: readonly WarningCode[] }) {
  return (
    <ul class="plain">
      {codes.map((code) => (
        <li key={code}>
          <Warning code={code} />
        </li>
      ))}
    </ul>
  )
}

function Warning({ code }: { code: WarningCode }) {
  const title = titleOfWarning(code)
  // A newer API may have further codes.
  if (title === undefined) return <Translated text="unknownWarning" values={{ code }} />
  const { text, heading } = explanations[code]
  return (
    <>
      {translate(text)}
      {code === 'port_check' && (
        <>
          <a href={linkToPage('boxes')}>{translate('boxes')}</a>
          {translate('fullStop')}
        </>
      )}
      {translate('runbook', { heading, title })}
    </>
  )
}
