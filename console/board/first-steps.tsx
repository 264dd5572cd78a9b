import * as paths from '../../names/paths.ts'
import { health } from '../state/health.ts'
import { translate } from '../words.ts'

/** What to do first, as long as no callback has ever arrived. */
export function FirstSteps() {
  const stats = health.value
  if (stats === undefined || stats.last_callback_at !== null) return null
  return (
    <section id="first-steps" class="steps">
      <p>{translate('firstSteps')}</p>
      <ol>
        <li>
          {translate('firstStepAddress')} <code>{`${location.origin}${paths.callbacks}`}</code>
        </li>
        <li>{translate('firstStepKey')}</li>
        <li>{translate('firstStepJoin')}</li>
        <li>{translate('firstStepHealth')}</li>
      </ol>
    </section>
  )
}
