import { MetricUnit } from '@aws-lambda-powertools/metrics'
import type { Bilingual } from '../../core/notifications/alert-text.ts'
import { redactSecrets } from '../../core/protocol/redaction.ts'
import * as metricNames from '../../names/metrics.ts'
import { asError } from '../as-error.ts'
import { type Deadline, withBudget } from '../deadline.ts'
import { explain } from '../explain.ts'
import { correctBudgetMs, listBudgetMs, recordBudgetMs } from './budgets.ts'
import { correct, type StartedSweep, type SweepFacts } from './correct.ts'
import type { ReconcileRoomsDependencies } from './dependencies.ts'
import { updateAlerts } from './update-alerts.ts'

/** `overlapping`: another sweep is running, or the sweep of another warning is about to begin. */
export type SweepOutcome = 'not_configured' | 'overlapping' | 'failed' | 'swept'

export type SweepTrigger = 'schedule' | 'warning'

/** ms between the beginnings of two sweeps that warnings trigger. */
const minWarningIntervalMs = 10_000

const noTime = {
  readList: {
    english: 'no time was left to read the room list',
    chinese: '平台响应过慢，未能在规定时间内读完房间列表',
  },
  correct: { english: 'no time was left to send the corrections', chinese: '未能在规定时间内发送全部修正' },
} as const satisfies Readonly<Record<string, Bilingual>>

/**
 * Performs one sweep (docs/contract.md, section 5): reads the platform's open rooms, compares them with the stored state,
 * and sends corrections to the event queue like every other event. Writes no state except its ledger.
 */
export async function sweep(
  dependencies: ReconcileRoomsDependencies,
  trigger: SweepTrigger,
  deadline: Deadline,
): Promise<SweepOutcome> {
  const { ledger, now } = dependencies
  // Settings that cannot be used make the sweep fail, so that it is counted and alerted.
  const platform = await dependencies.platform().catch(asError)
  if (platform === undefined) {
    await ledger.recordDisabled()
    return 'not_configured'
  }
  if (trigger === 'warning' && !(await awaitSlot(dependencies))) return 'overlapping'
  const startedAt = now()
  const lease = await withBudget(correctBudgetMs(deadline), 'no time was left to take the lease', (signal) =>
    ledger.begin(startedAt, deadline.remainingMs(), signal),
  )
  if (lease === undefined) return 'overlapping'
  let facts: SweepFacts
  try {
    if (platform instanceof Error) throw platform
    const observed = await withBudget(listBudgetMs(deadline), noTime.readList, (signal) =>
      platform.listOpenRooms(signal),
    )
    facts = await withBudget(correctBudgetMs(deadline), noTime.correct, (signal) =>
      correct(dependencies, { observed, lease, startedAt }, deadline, signal),
    )
  } catch (error) {
    await withBudget(recordBudgetMs(deadline), 'no time was left to record the failure', (signal) =>
      recordFailure(dependencies, error, { lease, startedAt }, signal),
    )
    return 'failed'
  }
  await withBudget(recordBudgetMs(deadline), 'no time was left to send alerts', (signal) =>
    updateAlerts(dependencies, { at: startedAt, facts }, signal),
  )
  return 'swept'
}

/** Waits until the warning may be followed by a sweep. @returns false if the sweep of another warning follows it. */
async function awaitSlot({ warningSlots, now, sleep }: ReconcileRoomsDependencies): Promise<boolean> {
  const arrivedAt = now()
  const slot = await warningSlots.take(arrivedAt, minWarningIntervalMs)
  if (slot !== undefined && slot > arrivedAt) await sleep(slot - arrivedAt)
  return slot !== undefined
}

async function recordFailure(
  dependencies: ReconcileRoomsDependencies,
  error: unknown,
  { lease, startedAt }: StartedSweep,
  signal: AbortSignal,
): Promise<void> {
  const { metrics, logger } = dependencies
  const failures = lease.failures + 1
  const { english, chinese } = explain(error)
  const reason = { english: redactSecrets(english), chinese: redactSecrets(chinese) }
  logger.warn('sweep failed; no correction was sent', { reason: reason.english, failures })
  metrics.addMetric(metricNames.sweepFailures, MetricUnit.Count, 1)
  await lease.end({ ok: false, at: startedAt }, signal)
  await updateAlerts(dependencies, { at: startedAt, failures, reason }, signal)
}
