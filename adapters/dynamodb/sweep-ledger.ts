import { randomUUID } from 'node:crypto'
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import type { SweepLedger, SweepReport } from '../../core/ports/sweep-ledger.ts'
import { requestOptions } from '../request-options.ts'
import { deleteOtherGenerations, readAbsences, writeAbsences } from './absence-items.ts'
import { type SweepStatus, sweepStatusKey } from './sweep-status.ts'

// Conditions of writes. A sweep can take the lease if no other sweep holds it, or if it has expired, and, if the time between
// sweeps is limited, if the last one did not begin too late.
const noLease = 'attribute_not_exists(lease_until)'
const leaseExpired = 'lease_until < :now'
const neverSwept = 'attribute_not_exists(last_sweep_at)'
const lastSweptEarlier = 'last_sweep_at <= :latest'
const leaseHeld = 'lease = :lease'

/** Stores the sweep lease, the last result and the absences in the state table, beside the state. */
export function dynamodbSweepLedger(client: DynamoDBDocumentClient, stateTable: string): SweepLedger {
  return {
    async recordDisabled(signal) {
      await client.send(
        new UpdateCommand({
          TableName: stateTable,
          Key: sweepStatusKey,
          UpdateExpression: 'SET reconciliation = :off REMOVE last_sweep_at, last_sweep_ok, drift, generation',
          ExpressionAttributeValues: { ':off': 'off' },
        }),
        requestOptions(signal),
      )
    },

    async begin(now, leaseMs, signal, minIntervalMs) {
      const lease = randomUUID()
      const request = { lease, now, until: now + leaseMs, minIntervalMs }
      const status = await takeLease(client, stateTable, request, signal)
      if (status === undefined) return undefined
      const { generation, failures = 0 } = status
      return {
        absences: await readAbsences(client, stateTable, generation, signal),
        failures,
        end: (report, endSignal) => endSweep(client, stateTable, { lease, failures, ...report }, endSignal),
      }
    },
  }
}

type LeaseRequest = {
  readonly lease: string
  readonly now: number
  readonly until: number
  readonly minIntervalMs: number | undefined
}

/** @returns the stored status, or undefined if the conditions do not hold. */
async function takeLease(
  client: DynamoDBDocumentClient,
  stateTable: string,
  { lease, now, until, minIntervalMs }: LeaseRequest,
  signal: AbortSignal | undefined,
): Promise<Partial<SweepStatus> | undefined> {
  const noOtherSweep = `${noLease} OR ${leaseExpired}`
  const limit = minIntervalMs === undefined ? {} : { ':latest': now - minIntervalMs }
  const command = new UpdateCommand({
    TableName: stateTable,
    Key: sweepStatusKey,
    UpdateExpression: 'SET lease = :lease, lease_until = :until, reconciliation = :on',
    ConditionExpression:
      minIntervalMs === undefined ? noOtherSweep : `(${noOtherSweep}) AND (${neverSwept} OR ${lastSweptEarlier})`,
    ExpressionAttributeValues: { ':lease': lease, ':until': until, ':now': now, ':on': 'on', ...limit },
    ReturnValues: 'ALL_NEW',
  })
  try {
    const { Attributes } = await client.send(command, requestOptions(signal))
    return (Attributes ?? {}) as Partial<SweepStatus>
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined
    throw error
  }
}

/** Stores the report and releases the lease. @throws if another sweep has taken over the lease. */
async function endSweep(
  client: DynamoDBDocumentClient,
  stateTable: string,
  { lease, failures, ok, at, drift, absences }: SweepReport & { readonly lease: string; readonly failures: number },
  signal: AbortSignal | undefined,
): Promise<void> {
  const generation = randomUUID()
  await writeAbsences(client, stateTable, { generation, absences, now: at }, signal)
  await client.send(
    new UpdateCommand({
      TableName: stateTable,
      Key: sweepStatusKey,
      UpdateExpression:
        'SET generation = :generation, failures = :failures, last_sweep_at = :at, last_sweep_ok = :ok, drift = :drift REMOVE lease, lease_until',
      ConditionExpression: leaseHeld,
      ExpressionAttributeValues: {
        ':generation': generation,
        ':failures': ok ? 0 : failures + 1,
        ':at': at,
        ':ok': ok,
        ':drift': drift,
        ':lease': lease,
      },
    }),
    requestOptions(signal),
  )
  await deleteOtherGenerations(client, stateTable, generation, signal)
}
