import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { explainFailure } from '../elements/explain-failure.ts'
import { Translated } from '../elements/translated.tsx'
import { formatClock } from '../format.ts'
import { type LoadStatus, loadStatus } from '../state/load-status.ts'
import { translate } from '../words.ts'

/** The data shown counts as stale after this time, even if no request has failed. It is longer than every interval. */
const staleAfterMs = 60_000

/** Reports that the page could not be loaded, or no longer is. */
export function Problem() {
  const isStale = useStaleness(loadStatus.value)
  const problem = describe(loadStatus.value, isStale)
  // The alert element is always present: screen readers announce only changes to an existing one.
  return (
    <div id="problem" role="alert" class={problem === undefined ? '' : 'problem'}>
      {problem}
    </div>
  )
}

function describe({ loadedAt, problem }: LoadStatus, isStale: boolean): ComponentChildren {
  if (problem?.kind === 'failed') return <Translated text="failed" values={{ reason: explainFailure(problem.error) }} />
  if (problem === undefined && !isStale) return undefined
  if (loadedAt === undefined) return translate('connectionLostBeforeData')
  return translate(problem?.kind ?? 'stale', { time: formatClock(loadedAt) })
}

/** @returns whether the data is older than `staleAfterMs` while the page is shown. */
function useStaleness({ loadedAt }: LoadStatus): boolean {
  const [staleSince, setStaleSince] = useState<number | undefined>(undefined)
  useEffect(() => {
    if (loadedAt === undefined) return undefined
    const timer = setInterval(() => {
      if (!document.hidden && Date.now() - loadedAt > staleAfterMs) setStaleSince(loadedAt)
    }, 1000)
    return () => clearInterval(timer)
  }, [loadedAt])
  return loadedAt !== undefined && staleSince === loadedAt
}
