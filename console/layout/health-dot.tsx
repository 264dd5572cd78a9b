import { InBrackets } from '../elements/in-brackets.tsx'
import { health, judgeHealth, type Verdict } from '../state/health.ts'
import { type TextKey, translate } from '../words.ts'

const texts = {
  unknown: 'healthUnknown',
  silent: 'healthSilent',
  good: 'healthGood',
  bad: 'healthBad',
} as const satisfies Record<Verdict | 'unknown', TextKey>

/** Shows on every page whether something needs attention. The text is for screen readers. */
export function HealthDot() {
  const verdict = health.value === undefined ? 'unknown' : judgeHealth(health.value)
  return (
    <>
      <span class={`dot ${verdict}`} id="health-dot" title={translate(texts[verdict])} />
      <span class="for-screen-readers">
        <InBrackets>{translate(texts[verdict])}</InBrackets>
      </span>
    </>
  )
}
