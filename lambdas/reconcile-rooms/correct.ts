import { MetricUnit } from '@aws-lambda-powertools/metrics'
import type { SweepLease } from '../../core/ports/sweep-ledger.ts'
import { type Assessment, assess } from '../../core/reconciliation/assess.ts'
import { compare, type Differences, type ObservedRoom } from '../../core/reconciliation/compare.ts'
import type { Correction } from '../../core/reconciliation/correction.ts'
import {
  decideCorrections,
  type Evidence,
  isBacklogged,
  needsQueueLength,
  rememberSent,
  roomsToClose,
} from '../../core/reconciliation/decide.ts'
import type { MassDisappearance } from '../../core/reconciliation/mass-disappearance.ts'
import type { Presence } from '../../core/reconciliation/presence.ts'
import { findRenamedRooms, nameRooms, type RenamedRoom } from '../../core/reconciliation/room-names.ts'
import * as metricNames from '../../names/metrics.ts'
import * as sweepLog from '../../names/sweep-log.ts'
import type { Deadline } from '../deadline.ts'
import type { ReconcileRoomsDependencies } from './dependencies.ts'
import { sendInTime } from './send-in-time.ts'

export type StartedSweep = {
  readonly lease: SweepLease
  /** ms since 1970 */
  readonly startedAt: number
}

/** What a successful sweep found, as far as alerts depend on it. */
export type SweepFacts = {
  /** Number of estimated opens and joins that it sent. */
  readonly estimates: number
  readonly massDisappearance: MassDisappearance | undefined
}

/** Compares the platform's list with the stored state, sends the corrections that are due, and ends the sweep. */
export async function correct(
  dependencies: ReconcileRoomsDependencies,
  { observed, lease, startedAt }: StartedSweep & { readonly observed: readonly ObservedRoom[] },
  deadline: Deadline,
  signal: AbortSignal,
): Promise<SweepFacts> {
  const { presences, queue, graceMs, hash, now, metrics, logger } = dependencies
  const stored = await presences.list(signal)
  const differences = compare(observed, stored)
  const renamed = findRenamedRooms(observed, stored)
  const compared = [...differences.missing, ...differences.unknown, ...renamed.map(({ room_id }) => ({ room_id }))]
  const current = await presences.read(compared, signal)
  const { findings: previous, isContinued } = lease
  const context = { startedAt, graceMs, previous, isContinued, presentCount: stored.length, hash }
  const assessment = assess(differences, current, context)
  const evidence = await readEvidence(dependencies, assessment, renamed, signal)
  const decision = decideCorrections(assessment, evidence, hash)
  // The corrections come before the ledger: a sweep that crashes in between sends the same corrections again.
  const sent = await sendInTime(queue, decision.corrections, deadline, signal)
  // Names are not remembered: while the queue has a backlog, they wait.
  if (!isBacklogged(evidence)) await sendInTime(queue, nameRooms(renamed, current, startedAt, hash), deadline, signal)
  const findings = rememberSent(decision.findings, sent, startedAt)
  const drift = countDifferences(differences)
  await lease.end({ ok: true, at: startedAt, drift, findings }, signal)
  if (drift > 0) metrics.addMetric(metricNames.driftFound, MetricUnit.Count, drift)
  if (sent.length > 0) metrics.addMetric(metricNames.corrections, MetricUnit.Count, sent.length)
  logger.info(sweepLog.message, {
    ...countPresences(observed, stored),
    [sweepLog.drift]: drift,
    [sweepLog.corrections]: sent.length,
    [sweepLog.duration]: now() - startedAt,
  })
  const left = decision.corrections.length - sent.length
  if (left > 0) logger.warn('no time was left to send all corrections; the next sweep sends the others', { left })
  return { estimates: sent.filter(isEstimate).length, massDisappearance: findings.massDisappearance }
}

/** Whether the correction adds a person or a room that was not known. */
function isEstimate({ envelope }: Correction): boolean {
  return envelope.params.event === 'open' || envelope.params.event === 'join'
}

/** Reads what only few sweeps need to know. */
async function readEvidence(
  { presences, queue }: ReconcileRoomsDependencies,
  assessment: Assessment,
  renamed: readonly RenamedRoom[],
  signal: AbortSignal,
): Promise<Evidence> {
  const [lastEvents, visibleMessages] = await Promise.all([
    presences.readLastEvents(roomsToClose(assessment), signal),
    needsQueueLength(assessment) || renamed.length > 0 ? queue.countVisible(signal) : 0,
  ])
  return { lastEvents, visibleMessages }
}

function countDifferences({ missing, unknown }: Differences): number {
  return missing.length + unknown.length
}

function countPresences(observed: readonly ObservedRoom[], stored: readonly Presence[]): Record<string, number> {
  const storedRooms = stored.filter(({ user_id }) => user_id === undefined).length
  return {
    [sweepLog.roomsObserved]: observed.length,
    [sweepLog.usersObserved]: observed.reduce((sum, { users }) => sum + users.length, 0),
    [sweepLog.roomsStored]: storedRooms,
    [sweepLog.usersStored]: stored.length - storedRooms,
  }
}
