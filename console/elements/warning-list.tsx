import type { ComponentChildren } from 'preact'
import type { WarningCode } from '../api-types.ts'
import { translate } from '../words.ts'
import { Translated } from './translated.tsx'
import { explanations } from './warning-explanations.ts'

export function WarningList({ codes }: { codes: readonly WarningCode[] }) {
  return (
    <ul class="plain">
      {codes.map((code) => (
        <li key={code}>{explain(code)}</li>
      ))}
    </ul>
  )
}

function explain(code: WarningCode): ComponentChildren {
  const explanation = Object.hasOwn(explanations, code) ? explanations[code] : undefined
  // A newer API may have further codes.
  if (explanation === undefined) return <Translated text="unknownWarning" values={{ code }} />
  const { text, heading, chineseTitle } = explanation
  return translate(text) + translate('runbook', { heading, title: chineseTitle })
}
