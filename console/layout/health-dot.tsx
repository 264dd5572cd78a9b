import { InBrackets } from '../elements/in-brackets.tsx'
import { health } from '../state/health.ts'
import { type TextKey, translate } from '../words.ts'

/** Shows on every page whether something needs attention. The text is for screen readers. */
export function HealthDot() {
  const stats = health.value
  const kind = stats === undefined ? 'unknown' : stats.warnings.length === 0 ? 'good' : 'bad'
  const texts = { unknown: 'healthUnknown', good: 'healthGood', bad: 'healthBad' } as const satisfies Record<
    string,
    TextKey
  >
  return (
    <>
      <span class={`dot ${kind}`} id="health-dot" title={translate(texts[kind])} />
      <span class="for-screen-readers">
        <InBrackets>{translate(texts[kind])}</InBrackets>
      </span>
    </>
  )
}
