import { type EmulatedAws, startEmulatedAws } from '@northbound/template-runner'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { documentClient } from '../../../adapters/dynamodb/client.ts'
import { dynamodbEventLog } from '../../../adapters/dynamodb/event-log.ts'
import { dynamodbProjectionStore } from '../../../adapters/dynamodb/projection-store.ts'
import { type BenchBundles, readBundles } from '../../../bench/bundles.ts'
import { generateMeetings, realisticMix } from '../../../bench/mix.ts'
import { createMessages, drain, startApplier } from '../../../bench/rows/applier.ts'
import { type ApplySides, countUsage } from '../../../bench/rows/count-apply.ts'
import { aggregateOf, streamOf } from '../../../core/state/aggregate.ts'
import { historyOf } from '../../../core/state/fold.ts'
import { expectedStates, readStoredStates } from '../../support/apply.ts'
import { dynamodbClient } from '../../support/dynamodb.ts'

/** DynamoDB Local if `.ci/run` started it. */
const dynamodbUrl = process.env.DYNAMODB_LOCAL_URL

/** One meeting is enough to compare results; the benchmark counts five. */
const loads = {
  mix: generateMeetings({ ...realisticMix, rooms: 1 }),
  duplicates: generateMeetings({ ...realisticMix, rooms: 1, duplicateShare: 1 }),
}

describe('the apply functions of the benchmark', () => {
  let aws: EmulatedAws
  let bundles: BenchBundles
  beforeAll(async () => {
    aws = await startEmulatedAws({ dynamodbUrl })
    bundles = await readBundles(inject('assemblies').strict)
  })
  afterAll(() => aws.stop())

  describe.each(['mix', 'duplicates'] as const)('with the load %s', (load) => {
    const events = loads[load]
    let usage: ApplySides
    beforeAll(async () => {
      usage = {
        ours: await countUsage(aws, bundles.bundle('ApplyEvents'), bundles, events),
        peer: await countUsage(aws, await bundles.bundlePeer('apply-events'), bundles, events),
      }
    })

    it.each(['ours', 'peer'] as const)('store the folded states and the complete log (%s)', async (side) => {
      const client = dynamodbClient(aws.dynamodbUrl)
      const options = { client: documentClient(client), retentionDays: 400 }
      const store = dynamodbProjectionStore({ ...options, tableName: usage[side].tables.state })
      expect(await readStoredStates(store, events)).toEqual(expectedStates(events))
      const log = dynamodbEventLog({ ...options, tableName: usage[side].tables.eventLog })
      const aggregates = new Map(events.map((event) => [streamOf(aggregateOf(event)), aggregateOf(event)]))
      const logged = await Promise.all([...aggregates.values()].map((aggregate) => log.read(aggregate)))
      expect(historyOf(logged.flat())).toEqual(historyOf(events))
      client.destroy()
    })

    it('use at least one log request and two write units for each event', () => {
      const distinct = historyOf(events).length
      for (const { requests, writeUnits } of [usage.ours, usage.peer]) {
        expect(requests.get('dynamodb:PutItem')).toBeGreaterThan(distinct)
        expect(writeUnits).toBeGreaterThan(2 * distinct)
      }
      // The peer also creates and completes an idempotency record, and reads and writes a projection.
      expect(usage.peer.requests.get('dynamodb:UpdateItem')).toBe(distinct)
      expect(usage.peer.requests.get('dynamodb:GetItem')).toBeUndefined()
      expect(usage.ours.requests.get('sns:PublishBatch')).toBeGreaterThan(distinct / 10 - 1)
    })
  })

  it('recognise a redelivered batch by the recent events of the projections, without a write', async () => {
    const applier = await startApplier(aws, bundles.bundle('ApplyEvents'), bundles)
    const events = loads.mix.slice(0, 100)
    const participants = new Set(events.flatMap(({ params }) => params.user_id ?? [])).size
    const batch = createMessages(events)
    await drain(applier, batch)
    aws.takeUsage()
    await drain(applier, batch)
    const { requests, writeUnits } = aws.takeUsage()
    await applier.function.stop()
    expect(writeUnits).toBe(0)
    expect([...requests.keys()].sort()).toEqual(['dynamodb:BatchGetItem', 'dynamodb:Query', 'sns:PublishBatch'])
    // For each participant, one query for the checkpoints, one for the events and one for the closes of the room, because
    // messages are published again.
    expect(requests.get('dynamodb:Query')).toBe(3 * participants)
  })
})
