import type { School } from '@northbound/avd-simulator'
import { applyHistory } from './apply-history.ts'
import { countHistory } from './count-history.ts'
import { connectTables } from './history-tables.ts'
import { sampleHistory } from './sample-history.ts'

const progressIntervalMs = 5000

/**
 * Fills the tables of a stack that has not started yet with the past of a simulated school: its events, the state that follows from
 * them, the samples of usage, the directory of people and the numbers of callbacks (docs/decisions/0055).
 *
 * @param variables the environment of the function that applies events.
 * @throws Error if an event cannot be applied, or the signal's reason.
 */
export async function loadHistory(
  school: School,
  {
    variables,
    log,
    signal,
  }: {
    readonly variables: Readonly<Record<string, string>>
    readonly log: (line: string) => void
    readonly signal: AbortSignal
  },
): Promise<void> {
  const tables = connectTables(variables)
  const startedAt = performance.now()
  const total = school.events.length
  log(
    `正在载入历史数据，共 ${total} 个事件，全部载入后即可使用 / history: loading ${total} events; the system is ready when they are applied`,
  )
  let reportedAt = startedAt
  const reportProgress = (applied: number) => {
    if (performance.now() - reportedAt < progressIntervalMs) return
    reportedAt = performance.now()
    log(`已载入 ${applied} / ${total} 个事件 / history: ${applied} of ${total} events applied`)
  }
  try {
    await applyHistory(tables, school, { signal, reportProgress })
    await countHistory(tables, school, signal)
    await sampleHistory(tables, school, signal)
  } finally {
    tables.client.destroy()
  }
  const seconds = Math.round((performance.now() - startedAt) / 1000)
  log(`历史数据已全部载入，用时 ${seconds} 秒 / history: ${total} events loaded in ${seconds} s`)
}
