import { randomUUID } from 'node:crypto'
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateQuery,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb'
import type { SweepLedger, SweepReport } from '../../core/ports/sweep-ledger.ts'
import { type Absence, type AbsenceTracker, noAbsences } from '../../core/reconciliation/presence.ts'

/** What is known of the sweeps; `at`: ms. */
export type SweepStatus = {
  readonly reconciliation?: 'on' | 'off'
  readonly failures: number
  readonly last_sweep_at?: number
  readonly last_sweep_ok?: boolean
  readonly drift?: number
  /** Which generation of memory items counts. */
  readonly generation?: string
}

const group = 'sweep'
const statusKey = { group, item: 'status' }
/** Characters of JSON in one item; an item may have 400 KB. */
const chunkSize = 300_000
/** Seconds after which memory that no sweep follows up is of no use. */
const memoryLife = 86_400

/**
 * Keeps what one sweep tells the next in the state table, beside the state and never part of it.
 *
 * A whole platform may be missing, so the memory may need several items: they are written under a new generation,
 * which counts only once the status names it.
 */
export function dynamodbSweepLedger(client: DynamoDBDocumentClient, stateTable: string): SweepLedger {
  const TableName = stateTable

  async function readAbsences(generation: string | undefined): Promise<AbsenceTracker> {
    if (generation === undefined) return noAbsences
    const entries: [string, Absence][] = []
    for (const { text } of await chunks(`memory/${generation}/`)) entries.push(...JSON.parse(text))
    return new Map(entries)
  }

  async function chunks(prefix: string): Promise<{ item: string; text: string }[]> {
    const pages = paginateQuery(
      { client },
      {
        TableName,
        KeyConditionExpression: '#group = :group AND begins_with(#item, :prefix)',
        ExpressionAttributeNames: { '#group': 'group', '#item': 'item' },
        ExpressionAttributeValues: { ':group': group, ':prefix': prefix },
        ConsistentRead: true,
      },
    )
    const found: { item: string; text: string }[] = []
    for await (const page of pages) found.push(...((page.Items ?? []) as typeof found))
    return found
  }

  async function writeAbsences(absences: AbsenceTracker, generation: string, at: number): Promise<void> {
    const expires_at = Math.ceil(at / 1000) + memoryLife
    for (const [index, text] of inChunks([...absences]).entries())
      await client.send(
        new PutCommand({ TableName, Item: { group, item: `memory/${generation}/${index}`, text, expires_at } }),
      )
  }

  async function end(lease: string, failures: number, { ok, at, drift, absences }: SweepReport): Promise<void> {
    const generation = randomUUID()
    await writeAbsences(absences, generation, at)
    await client.send(
      new UpdateCommand({
        TableName,
        Key: statusKey,
        UpdateExpression:
          'SET generation = :generation, failures = :failures, last_sweep_at = :at, last_sweep_ok = :ok, drift = :drift REMOVE lease, lease_until',
        // Whoever lost the lease has nothing more to say.
        ConditionExpression: 'lease = :lease',
        ExpressionAttributeValues: {
          ':generation': generation,
          ':failures': ok ? 0 : failures + 1,
          ':at': at,
          ':ok': ok,
          ':drift': drift,
          ':lease': lease,
        },
      }),
    )
    for (const { item } of await chunks('memory/'))
      if (!item.startsWith(`memory/${generation}/`))
        await client.send(new DeleteCommand({ TableName, Key: { group, item } }))
  }

  return {
    async recordDisabled() {
      await client.send(
        new UpdateCommand({
          TableName,
          Key: statusKey,
          UpdateExpression: 'SET reconciliation = :off REMOVE last_sweep_at, last_sweep_ok, drift, generation',
          ExpressionAttributeValues: { ':off': 'off' },
        }),
      )
    },

    async begin(now, leaseMs) {
      const lease = randomUUID()
      try {
        const { Attributes } = await client.send(
          new UpdateCommand({
            TableName,
            Key: statusKey,
            UpdateExpression: 'SET lease = :lease, lease_until = :until, reconciliation = :on',
            ConditionExpression: 'attribute_not_exists(lease_until) OR lease_until < :now',
            ExpressionAttributeValues: { ':lease': lease, ':until': now + leaseMs, ':now': now, ':on': 'on' },
            ReturnValues: 'ALL_NEW',
          }),
        )
        const { generation, failures = 0 } = (Attributes ?? {}) as Partial<SweepStatus>
        return { absences: await readAbsences(generation), failures, end: (report) => end(lease, failures, report) }
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return undefined
        throw error
      }
    },
  }
}

/** The status of the sweeps, for whoever asks. */
export async function readSweepStatus(client: DynamoDBDocumentClient, stateTable: string): Promise<SweepStatus> {
  const { Item } = await client.send(new GetCommand({ TableName: stateTable, Key: statusKey }))
  return { failures: 0, ...Item }
}

function inChunks(entries: readonly [string, Absence][]): string[] {
  const texts: string[] = []
  let chunk: string[] = []
  let size = 0
  for (const entry of entries) {
    const text = JSON.stringify(entry)
    if (size + text.length > chunkSize) {
      texts.push(`[${chunk.join()}]`)
      chunk = []
      size = 0
    }
    chunk.push(text)
    size += text.length
  }
  return chunk.length === 0 ? texts : [...texts, `[${chunk.join()}]`]
}
