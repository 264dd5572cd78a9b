import type { WarningCode } from '../api-types.ts'
import { type TextKey, translate } from '../words.ts'

/** What each warning means, and where the runbook says what to do. */
const warnings: Readonly<Record<WarningCode, { readonly text: TextKey; readonly heading: string }>> = {
  callbacks_missing: { text: 'callbacks_missing', heading: 'callbacks-missing' },
  mass_disappearance: { text: 'mass_disappearance', heading: 'mass-disappearance' },
  sweep_failing: { text: 'sweep_failing', heading: 'sweeps-failing' },
  dead_letters: { text: 'dead_letters_waiting', heading: 'dead-letters' },
  refused_signatures: { text: 'refused_signatures', heading: 'refused-signatures' },
  port_check: { text: 'port_check', heading: 'port-check' },
}

export function WarningList({ codes }: { codes: readonly WarningCode[] }) {
  return (
    <ul class="plain">
      {codes.map((code) => (
        <li key={code}>{explain(code)}</li>
      ))}
    </ul>
  )
}

function explain(code: WarningCode): string {
  const warning = Object.hasOwn(warnings, code) ? warnings[code] : undefined
  // A newer API may have further codes.
  if (warning === undefined) return translate('unknownWarning', { code })
  return `${translate(warning.text)} ${translate('runbook', { heading: warning.heading })}`
}
