import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { documentClient } from '../../adapters/dynamodb/client.ts'
import { storeProjections } from '../../bench/stored-projections.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import type { ApplyDependencies } from '../../lambdas/apply-events/dependencies.ts'
import { applyUntilDone, expectedStates, readStoredStates } from '../support/apply.ts'
import { createTables, dynamodbDependencies, startDynalite } from '../support/dynamodb.ts'
import { event } from '../support/events.ts'

const visitors = 20_000
const lastVisitAt = 1_000_000

function visitOf(index: number): NorthboundEvent[] {
  const participant = { user_id: `visitor ${index}` }
  const at = (index / visitors) * lastVisitAt
  return [event('join', participant, { at: Math.floor(at) }), event('leave', participant, { at: Math.ceil(at) })]
}

// The room was used before: what came before a close that an open followed need not be read again.
const before = [
  event('open', {}, { at: lastVisitAt + 10 }),
  event('close', { event_type: 'user' }, { at: lastVisitAt + 20 }),
]
const open = event('open', {}, { at: lastVisitAt + 50 })
const joins = ['a', 'b', 'c'].map((user_id) => event('join', { user_id }, { at: lastVisitAt + 100 }))
const present = [...before, open, ...joins]
const close = event('close', { event_type: 'user' }, { at: lastVisitAt + 200 })
const lateClose = event('close', { event_type: 'user' }, { at: lastVisitAt + 150 })

/** Counts the participants that `store` reads as close candidates, and the projections that it writes. */
function countCalls({ store, ...rest }: ApplyDependencies) {
  const counts = { candidates: 0, writes: 0 }
  const counting: ApplyDependencies['store'] = {
    ...store,
    async readCloseCandidates(roomId, page, signal) {
      const read = await store.readCloseCandidates(roomId, page, signal)
      counts.candidates += read.items.length
      return read
    },
    write(projection, signal) {
      counts.writes += 1
      return store.write(projection, signal)
    },
  }
  return { dependencies: { ...rest, store: counting }, counts }
}

describe(`a close of a room with ${visitors} past visitors and 3 present participants`, () => {
  let client: DynamoDBClient
  let stop: () => void
  let stored: ApplyDependencies
  beforeAll(async () => {
    ;({ client, stop } = await startDynalite())
    const tables = await createTables(client)
    const visits = Array.from({ length: visitors }, (_, index) => visitOf(index)).flat()
    const endpoint = await client.config.endpoint?.()
    await storeProjections(`http://127.0.0.1:${endpoint?.port}`, tables.state, visits)
    stored = dynamodbDependencies(documentClient(client), tables)
    await applyUntilDone(stored, present)
  })
  afterAll(() => stop())

  it.each([
    // The room and the three participants are written.
    ['ends the three sessions', close, { candidates: 3, writes: 4 }],
    // The room is folded again with these participants, written once more, and verified.
    ['that comes late ends them at its time', lateClose, { candidates: 9, writes: 5 }],
  ])('%s, and reads and writes only these participants', async (_, received, expected) => {
    const { dependencies, counts } = countCalls(stored)
    await applyUntilDone(dependencies, [received])
    expect(counts).toEqual(expected)
    const history = received === close ? [...present, close] : [...present, close, lateClose]
    expect(await readStoredStates(stored.store, history)).toEqual(expectedStates(history))
  })
})
