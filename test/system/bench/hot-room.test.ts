import type { SQSBatchResponse } from 'aws-lambda'
import { expect, inject, it } from 'vitest'
import { documentClient } from '../../../adapters/dynamodb/client.ts'
import { dynamodbProjectionStore } from '../../../adapters/dynamodb/projection-store.ts'
import { startAws } from '../../../bench/aws.ts'
import { readDeployment } from '../../../bench/bundles.ts'
import { reconnections } from '../../../bench/mix.ts'
import { batchSize, messagesOf, startApplier } from '../../../bench/rows/apply.ts'
import { expectedStates, storedStates } from '../../support/apply.ts'
import { dynamodbClient } from '../../support/dynamodb.ts'

/** A burst above what the partitions of the room take; with the SDK's usual attempts, part of it fails. */
it('a room hotter than its partitions takes longer, and no event fails', { timeout: 90_000 }, async () => {
  const aws = await startAws({ writesPerSecond: 15 })
  const deployment = await readDeployment(inject('assemblies').strict)
  const applier = await startApplier(aws, deployment.bundle('ApplyEvents'), deployment)
  const events = reconnections(20, 2000, 1)
  const queue = messagesOf(events)
  const failures: string[] = []
  while (queue.length > 0) {
    const { result } = await applier.function.invoke<SQSBatchResponse>({ Records: queue.splice(0, batchSize) })
    failures.push(...result.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier))
  }
  await applier.function.stop()
  expect(failures).toEqual([])
  expect(aws.takeUsage().requests.get('DynamoDB.PutItem throttled')).toBeGreaterThan(10)
  const client = dynamodbClient(aws.dynamodb)
  const store = dynamodbProjectionStore({
    client: documentClient(client),
    tableName: applier.tables.state,
    retentionDays: 400,
  })
  expect(await storedStates(store, events)).toEqual(expectedStates(events))
  client.destroy()
  await aws.close()
})
