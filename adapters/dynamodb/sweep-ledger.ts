import { randomUUID } from 'node:crypto'
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import type { SweepLedger, SweepReport } from '../../core/ports/sweep-ledger.ts'
import { requestOptions } from '../request-options.ts'
import {
  deleteOtherGenerations,
  hasSameFindings,
  type PresenceFindings,
  readFindings,
  writeFindings,
} from './finding-items.ts'
import { type SweepStatus, sweepStatusKey } from './sweep-status.ts'

// Conditions of writes. A sweep can take the lease if no other sweep holds it, or if it has expired.
const noLease = 'attribute_not_exists(lease_until)'
const leaseExpired = 'lease_until < :now'
const leaseHeld = 'lease = :lease'

// Parts of the update that ends a sweep.
const setReport = 'SET failures = :failures, last_sweep_at = :at, last_sweep_ok = :ok, drift = :drift'
const setFindings = `${setReport}, findings = :generation`
const removeLease = 'REMOVE lease, lease_until'

/** Stores the sweep lease, the last result and the findings in the state table, beside the state. */
export function dynamodbSweepLedger(client: DynamoDBDocumentClient, stateTable: string): SweepLedger {
  return {
    async recordDisabled(signal) {
      await client.send(
        new UpdateCommand({
          TableName: stateTable,
          Key: sweepStatusKey,
          UpdateExpression:
            'SET reconciliation = :off REMOVE last_sweep_at, last_sweep_ok, drift, findings, mass_disappearance',
          ExpressionAttributeValues: { ':off': 'off' },
        }),
        requestOptions(signal),
      )
    },

    async begin(now, leaseMs, signal) {
      const lease = randomUUID()
      const status = await takeLease(client, stateTable, { lease, now, until: now + leaseMs }, signal)
      if (status === undefined) return undefined
      const { findings: generation, failures = 0, mass_disappearance: massDisappearance } = status
      const findings = await readFindings(client, stateTable, { generation, now }, signal)
      const sweep: RunningSweep = { client, stateTable, lease, generation, findings, failures }
      return {
        findings: { ...findings, massDisappearance },
        // A sweep that was killed has left its lease behind.
        isContinued: failures === 0 && status.lease === undefined,
        failures,
        end: (report, endSignal) =>
          report.ok ? endSweep(sweep, report, endSignal) : endFailedSweep(sweep, report, endSignal),
      }
    },
  }
}

/** @returns the status before, or undefined if the conditions do not hold. */
async function takeLease(
  client: DynamoDBDocumentClient,
  stateTable: string,
  { lease, now, until }: { readonly lease: string; readonly now: number; readonly until: number },
  signal: AbortSignal | undefined,
): Promise<Partial<SweepStatus> | undefined> {
  const command = new UpdateCommand({
    TableName: stateTable,
    Key: sweepStatusKey,
    UpdateExpression: 'SET lease = :lease, lease_until = :until, reconciliation = :on',
    ConditionExpression: `${noLease} OR ${leaseExpired}`,
    ExpressionAttributeValues: { ':lease': lease, ':until': until, ':now': now, ':on': 'on' },
    ReturnValues: 'ALL_OLD',
  })
  try {
    const { Attributes } = await client.send(command, requestOptions(signal))
    return (Attributes ?? {}) as Partial<SweepStatus>
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined
    throw error
  }
}

type RunningSweep = {
  readonly client: DynamoDBDocumentClient
  readonly stateTable: string
  readonly lease: string
  /** The generation that was valid when the sweep began, and its findings. */
  readonly generation: string | undefined
  readonly findings: PresenceFindings
  readonly failures: number
}

async function endSweep(
  sweep: RunningSweep,
  { at, drift, findings }: SweepReport & { readonly ok: true },
  signal: AbortSignal | undefined,
): Promise<void> {
  const { client, stateTable } = sweep
  const isUnchanged = sweep.generation !== undefined && hasSameFindings(findings, sweep.findings)
  const generation = isUnchanged ? sweep.generation : randomUUID()
  if (!isUnchanged) await writeFindings(client, stateTable, { generation, findings, now: at }, signal)
  const { massDisappearance } = findings
  const values = { ':generation': generation, ':failures': 0, ':at': at, ':ok': true, ':drift': drift }
  if (massDisappearance === undefined)
    await releaseLease(sweep, { expression: `${setFindings} ${removeLease}, mass_disappearance`, values }, signal)
  else {
    const expression = `${setFindings}, mass_disappearance = :mass ${removeLease}`
    await releaseLease(sweep, { expression, values: { ...values, ':mass': massDisappearance } }, signal)
  }
  if (!isUnchanged) await deleteOtherGenerations(client, stateTable, generation, signal)
}

function endFailedSweep(sweep: RunningSweep, { at }: SweepReport, signal: AbortSignal | undefined): Promise<void> {
  const expression = `${setReport} ${removeLease}`
  const values = { ':failures': sweep.failures + 1, ':at': at, ':ok': false, ':drift': 0 }
  return releaseLease(sweep, { expression, values }, signal)
}

/** @throws if another sweep has taken over the lease. */
async function releaseLease(
  { client, stateTable, lease }: RunningSweep,
  { expression, values }: { readonly expression: string; readonly values: Readonly<Record<string, unknown>> },
  signal: AbortSignal | undefined,
): Promise<void> {
  const command = new UpdateCommand({
    TableName: stateTable,
    Key: sweepStatusKey,
    UpdateExpression: expression,
    ConditionExpression: leaseHeld,
    ExpressionAttributeValues: { ...values, ':lease': lease },
  })
  await client.send(command, requestOptions(signal))
}
