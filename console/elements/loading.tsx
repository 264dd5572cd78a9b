import { loadStatus } from '../state/load-status.ts'
import { translate } from '../words.ts'

/** Stands for data that has not arrived yet. */
export function Loading() {
  return <p class="quiet">{loadStatus.value.problem === undefined && translate('loading')}</p>
}
