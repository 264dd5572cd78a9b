import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { documentClient } from '../../../adapters/dynamodb/client.ts'
import { dynamodbEventLog } from '../../../adapters/dynamodb/event-log.ts'
import { dynamodbProjectionStore } from '../../../adapters/dynamodb/projection-store.ts'
import { type Aws, startAws } from '../../../bench/aws.ts'
import { readDeployment } from '../../../bench/bundles.ts'
import { meetings, realisticMix } from '../../../bench/mix.ts'
import { type ApplyUsage, countUsage, drain, messagesOf, startApplier } from '../../../bench/rows/apply.ts'
import { aggregateOf, streamOf } from '../../../core/state/aggregate.ts'
import { history } from '../../../core/state/fold.ts'
import { expectedStates, storedStates } from '../../support/apply.ts'
import { dynamodbClient } from '../../support/dynamodb.ts'

/** Amazon's own engine where `.ci/run` started it. */
const dynamodbUrl = process.env.DYNAMODB_LOCAL_URL

/** One meeting is enough to compare what comes out; the figures are those of the benchmark. */
const loads = {
  mix: meetings({ ...realisticMix, rooms: 1 }),
  duplicates: meetings({ ...realisticMix, rooms: 1, duplicates: 1 }),
}

describe('the functions that apply events, ours as deployed and the peer', () => {
  let aws: Aws
  let deployment: Awaited<ReturnType<typeof readDeployment>>
  beforeAll(async () => {
    aws = await startAws({ dynamodbUrl })
    deployment = await readDeployment(inject('assemblies').strict)
  })
  afterAll(() => aws.close())

  describe.each(['mix', 'duplicates'] as const)('%s', (load) => {
    const events = loads[load]
    let used: Readonly<Record<'ours' | 'peer', ApplyUsage>>
    beforeAll(async () => {
      used = {
        ours: await countUsage(aws, deployment.bundle('ApplyEvents'), deployment, events),
        peer: await countUsage(aws, await deployment.bundlePeer('apply-events'), deployment, events),
      }
    }, 60_000)

    it.each(['ours', 'peer'] as const)('end in the folded state and the whole log: %s', async (side) => {
      const client = dynamodbClient(aws.dynamodb)
      const options = { client: documentClient(client), retentionDays: 400 }
      const store = dynamodbProjectionStore({ ...options, tableName: used[side].tables.state })
      expect(await storedStates(store, events)).toEqual(expectedStates(events))
      const log = dynamodbEventLog({ ...options, tableName: used[side].tables.eventLog })
      const subjects = new Map(events.map((event) => [streamOf(aggregateOf(event)), aggregateOf(event)]))
      const logged = await Promise.all([...subjects.values()].map((subject) => log.read(subject)))
      expect(history(logged.flat())).toEqual(history(events))
      client.destroy()
    })

    it('are counted: every event costs the log a request and two units', () => {
      const distinct = history(events).length
      for (const { requests, writeUnits } of [used.ours, used.peer]) {
        expect(requests.get('DynamoDB.PutItem')).toBeGreaterThan(distinct)
        expect(writeUnits).toBeGreaterThan(2 * distinct)
      }
      // The peer: an idempotency record that is made and completed, and a projection that is read and written, besides.
      expect(used.peer.requests.get('DynamoDB.UpdateItem')).toBe(distinct)
      expect(used.peer.requests.get('DynamoDB.GetItem')).toBeUndefined()
      expect(used.ours.requests.get('SNS.PublishBatch')).toBeGreaterThan(distinct / 10 - 1)
    })
  })

  it('settle a redelivered batch from the memory of the projections, without a write, and read each history once', async () => {
    const applier = await startApplier(aws, deployment.bundle('ApplyEvents'), deployment)
    const events = loads.mix.slice(0, 100)
    const people = new Set(events.flatMap(({ params }) => params.user_id ?? [])).size
    const batch = messagesOf(events)
    await drain(applier, batch)
    aws.takeUsage()
    await drain(applier, batch)
    const { requests, writeUnits } = aws.takeUsage()
    await applier.function.stop()
    expect(writeUnits).toBe(0)
    expect([...requests.keys()].sort()).toEqual(['DynamoDB.BatchGetItem', 'DynamoDB.Query', 'SNS.PublishBatch'])
    // The person's own and the closes of the room: what was told is told again, with what it did.
    expect(requests.get('DynamoDB.Query')).toBe(2 * people)
  })
})
