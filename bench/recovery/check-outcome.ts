import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb'
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs'
import { z } from 'zod'
import type { LocalRun } from '../../local/run.ts'
import { eventsApplied, eventsQuarantined, eventsStale, eventsTooLate } from '../../names/metrics.ts'
import { clientSettings } from './client-settings.ts'

const maxComparisons = 10

const rebuildSchema = z.object({
  different: z.number(),
  unsettled: z.number(),
  cursor: z.string().nullable(),
})

/** What a run has done with the callbacks that it acknowledged. */
export type RecoveryFacts = {
  /** `trace_id`s of the callbacks that were answered with 200. */
  readonly acknowledged: ReadonlySet<string>
  /** `trace_id`s that the subscribed queue received. */
  readonly published: ReadonlySet<string>
  /** The sums of the outcome metrics of apply-events, by name. */
  readonly metrics: ReadonlyMap<string, number>
}

export type StoredFacts = {
  /** `trace_id` of each item of the event log. */
  readonly logged: readonly string[]
  readonly deadLetters: number
  /** Projections that differ from the fold of their log. */
  readonly differences: number
}

/** Reads what the run has stored. */
export async function readStoredFacts(run: LocalRun): Promise<StoredFacts> {
  return {
    logged: await readLoggedTraceIds(run),
    deadLetters: await countDeadLetters(run),
    differences: await countDifferences(run),
  }
}

/**
 * Checks that each acknowledged event is in the log once, counted once and published, that the state follows from the log, and that
 * nothing is a dead letter.
 *
 * @param hasExactCounts false if functions were killed, which loses counts, or messages were delivered again, which count again.
 * @returns what is wrong, one line each.
 */
export function findMistakes(
  { acknowledged, published, metrics }: RecoveryFacts,
  stored: StoredFacts,
  { hasExactCounts = true }: { readonly hasExactCounts?: boolean } = {},
): string[] {
  const { logged, deadLetters, differences } = stored
  const loggedOnce = new Set(logged)
  const counted = (...names: string[]) => names.reduce((sum, name) => sum + (metrics.get(name) ?? 0), 0)
  const countMissing = (from: ReadonlySet<string>) => [...acknowledged].filter((traceId) => !from.has(traceId)).length
  const applied = counted(eventsApplied, eventsStale)
  const expectations: readonly (readonly [name: string, actual: number, expected: number])[] = [
    ['acknowledged events that are not in the log', countMissing(loggedOnce), 0],
    ['acknowledged events that were not published', countMissing(published), 0],
    ['events in the log more than once', logged.length - loggedOnce.size, 0],
    ['events counted as applied', applied, hasExactCounts ? logged.length : applied],
    ['events quarantined', counted(eventsQuarantined, eventsTooLate), 0],
    ['dead letters', deadLetters, 0],
    ['projections that differ from the log', differences, 0],
  ]
  return expectations
    .filter(([, actual, expected]) => actual !== expected)
    .map(([name, actual, expected]) => `${name}: ${actual} instead of ${expected}`)
}

async function readLoggedTraceIds(run: LocalRun): Promise<string[]> {
  const client = new DynamoDBClient(clientSettings(run))
  const traceIds: string[] = []
  const pages = paginateScan({ client }, { TableName: run.outputs.EventLogTableName, ConsistentRead: true })
  for await (const { Items = [] } of pages) traceIds.push(...Items.map(({ trace_id }) => trace_id?.S ?? ''))
  return traceIds
}

async function countDeadLetters(run: LocalRun): Promise<number> {
  const { Attributes } = await new SQSClient(clientSettings(run)).send(
    new GetQueueAttributesCommand({
      QueueUrl: run.outputs.DeadLetterQueueUrl,
      AttributeNames: ['ApproximateNumberOfMessages'],
    }),
  )
  return Number(Attributes?.ApproximateNumberOfMessages)
}

/** The function `rebuild` folds all projections from the log and compares. */
async function countDifferences(run: LocalRun): Promise<number> {
  let different = 0
  let cursor: string | null = null
  do {
    const page = await compareProjections(run, cursor)
    different += page.different + page.unsettled
    cursor = page.cursor
  } while (cursor !== null)
  return different
}

/** Repeats a comparison that fails, because its time may not suffice on a busy machine. */
async function compareProjections(run: LocalRun, cursor: string | null): Promise<z.infer<typeof rebuildSchema>> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await run.invoke('Rebuild', { all: true, dry_run: true, cursor })
    if (outcome.kind === 'ok') return rebuildSchema.parse(outcome.payload)
    if (attempt === maxComparisons) throw new Error(`rebuild: ${outcome.error.errorMessage}`)
  }
}
