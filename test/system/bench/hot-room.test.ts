import { startEmulatedAws } from '@northbound/template-runner'
import type { SQSBatchResponse } from 'aws-lambda'
import { describe, expect, inject, it } from 'vitest'
import { documentClient } from '../../../adapters/dynamodb/client.ts'
import { dynamodbProjectionStore } from '../../../adapters/dynamodb/projection-store.ts'
import { readBundles } from '../../../bench/bundles.ts'
import { generateReconnections } from '../../../bench/mix.ts'
import { createMessages, defaultBatchSize, startApplier } from '../../../bench/rows/applier.ts'
import { runStorm } from '../../../bench/storm/run.ts'
import { expectedStates, readStoredStates } from '../../support/apply.ts'
import { dynamodbClient } from '../../support/dynamodb.ts'

describe('apply-events with a burst above the limit of its partitions', () => {
  // With the default retries of the SDK, part of the burst would fail.
  it('takes longer, but no event fails', { timeout: 90_000 }, async () => {
    const aws = await startEmulatedAws()
    aws.limitPartitions(15)
    const bundles = await readBundles(inject('assemblies').strict)
    const applier = await startApplier(aws, bundles.bundle('ApplyEvents'), bundles)
    const events = generateReconnections(20, 2000, 1)
    const queue = createMessages(events)
    const failures: string[] = []
    while (queue.length > 0) {
      const Records = queue.splice(0, defaultBatchSize)
      const { result } = await applier.function.invoke<SQSBatchResponse>({ Records })
      failures.push(...result.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier))
    }
    await applier.function.stop()
    expect(failures).toEqual([])
    expect(aws.takeUsage().throttledRequests).toBeGreaterThan(10)
    const client = dynamodbClient(aws.dynamodbUrl)
    const store = dynamodbProjectionStore({
      client: documentClient(client),
      tableName: applier.tables.state,
      retentionDays: 400,
    })
    expect(await readStoredStates(store, events)).toEqual(expectedStates(events))
    client.destroy()
    await aws.stop()
  })
})

describe('runStorm', () => {
  it('applies the storm with several instances at once, while partitions throttle them', {
    timeout: 90_000,
  }, async () => {
    const bundles = await readBundles(inject('assemblies').strict)
    const queue = {
      batchSize: 20,
      windowMs: 100,
      initialConcurrency: 2,
      concurrencyGrowthPerSecond: 0,
      maxConcurrency: 2,
      detectionDelayMs: 0,
    }
    const room = { participants: 10, withinSeconds: 1, subscriptions: 1 }
    const { seconds, batches, usage, machine } = await runStorm(bundles, { room, queue, partitionUnitsPerSecond: 3 })
    expect(batches).toBeGreaterThanOrEqual(2)
    expect(seconds).toBeGreaterThan(1)
    // Of 40 events: the log, the timeline, and a projection for each participant at least.
    expect(usage.writeUnits).toBeGreaterThanOrEqual(90)
    expect(usage.throttledRequests).toBeGreaterThan(0)
    expect(machine.cpuMsPerRequest).toBeGreaterThan(0)
  })
})
