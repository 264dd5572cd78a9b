import type { ComponentChildren } from 'preact'
import { useMemo } from 'preact/hooks'
import { api } from '../api.ts'
import type { ApiStats } from '../api-types.ts'
import { Badge } from '../elements/badge.tsx'
import { type Fact, Facts } from '../elements/facts.tsx'
import { Loading } from '../elements/loading.tsx'
import { Time } from '../elements/times.tsx'
import { WarningList } from '../elements/warning-list.tsx'
import { judgeHealth, noteHealth } from '../state/health.ts'
import { readSeldom } from '../state/read-seldom.ts'
import { useData } from '../state/use-data.ts'
import { CallbackTable } from '../tables/callback-table.tsx'
import { RefusalCountTable } from '../tables/refusal-count-table.tsx'
import { RefusedTable } from '../tables/refused-table.tsx'
import { type TextKey, translate } from '../words.ts'

type StatName = keyof ApiStats & TextKey

const callbackStats = ['last_callback_at', 'callbacks_last_hour'] as const
const processingStats = ['queue_depth', 'dead_letters', 'rooms_open', 'participants_present'] as const
const reconciliationStats = ['reconciliation', 'last_sweep_at', 'last_sweep_ok', 'drift_last_sweep'] as const

/** The counts of a day are in several items. */
const minCallbacksIntervalMs = 15_000

/** Whether the installation is well, in one sentence, and the figures behind it. */
export function HealthPage() {
  const readCallbacks = useMemo(
    () => readSeldom(() => Promise.all([api.readCallbackCounts(), api.listRefused()]), minCallbacksIntervalMs),
    [],
  )
  const { data } = useData('health', async () => {
    const [stats, [counts, { items }]] = await Promise.all([api.readStats(), readCallbacks()])
    noteHealth(stats)
    return { stats, counts, refused: items }
  })
  return (
    <>
      <h1>{translate('health')}</h1>
      {data === undefined ? (
        <Loading />
      ) : (
        <>
          <VerdictText stats={data.stats} />
          <Section title="callbacks" stats={data.stats} names={callbackStats} />
          <CallbackTable counts={data.counts} />
          <h2>{translate('refused')}</h2>
          <p class="quiet">{translate('refusedHelp')}</p>
          <RefusalCountTable refused={data.counts.refused} />
          <RefusedTable refused={data.refused} />
          <Section title="processing" stats={data.stats} names={processingStats} />
          <Section
            title="reconciliation"
            stats={data.stats}
            names={data.stats.reconciliation === 'off' ? ['reconciliation'] : reconciliationStats}
          />
        </>
      )}
    </>
  )
}

/** Says that all is well, or what is wrong and what to do. */
function VerdictText({ stats }: { stats: ApiStats }) {
  const verdict = judgeHealth(stats)
  if (verdict === 'bad')
    return (
      <div id="verdict" class="warnings">
        <WarningList codes={stats.warnings} />
      </div>
    )
  const isSilent = verdict === 'silent'
  return (
    <p id="verdict" class={isSilent ? 'warnings' : 'well'}>
      {translate(isSilent ? 'noCallbackYet' : 'allWell')}
    </p>
  )
}

function Section({ title, stats, names }: { title: TextKey; stats: ApiStats; names: readonly StatName[] }) {
  const facts: readonly Fact[] = names.map((name) => ({
    name: translate(name),
    value: formatStat(name, stats),
    id: `stat-${name}`,
  }))
  return (
    <>
      <h2>{translate(title)}</h2>
      <Facts facts={facts} />
    </>
  )
}

function formatStat(name: StatName, stats: ApiStats): ComponentChildren {
  const value = stats[name]
  if (value === null) return translate(name === 'last_callback_at' ? 'noCallback' : 'noSweepYet')
  if (name === 'reconciliation')
    return value === 'on' ? <Badge text={translate('on')} kind="good" /> : translate('noPlatform')
  if (name === 'last_callback_at' || name === 'last_sweep_at') return <Time iso={String(value)} />
  if (name === 'last_sweep_ok')
    return <Badge text={translate(value === true ? 'yes' : 'no')} kind={value === true ? 'good' : 'bad'} />
  if (name === 'dead_letters' && Number(value) > 0) return <Badge text={String(value)} kind="bad" />
  return String(value)
}
