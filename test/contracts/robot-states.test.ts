import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { GetCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { documentClient } from '../../adapters/dynamodb/client.ts'
import { dynamodbRobotStates } from '../../adapters/dynamodb/robot-states.ts'
import { createTables, startDynalite } from '../support/dynamodb.ts'

const trouble = { outcome: 'refused', since: 900, attempts: 2, reason: 'the group was dissolved' } as const

describe('the states of robots in DynamoDB', () => {
  let dynamodb: DynamoDBClient
  let stop: () => void
  beforeAll(async () => {
    ;({ client: dynamodb, stop } = await startDynalite())
  })
  afterAll(() => stop())

  async function createStates() {
    const client = documentClient(dynamodb)
    const { state } = await createTables(dynamodb)
    return {
      states: dynamodbRobotStates(client, state),
      item: async (id: string) =>
        (await client.send(new GetCommand({ TableName: state, Key: { group: 'chat', item: id } }))).Item,
    }
  }

  it('give a turn to one of two instances, and another one after its end', async () => {
    const { states } = await createStates()
    const turns = await Promise.all([states.takeTurn('a', 1000, 9000), states.takeTurn('a', 1000, 9000)])
    expect(turns).toEqual(expect.arrayContaining([{ outcome: 'taken' }, { outcome: 'busy', until: 9000 }]))
    await states.endTurn('a', 4000, undefined)
    expect(await states.takeTurn('a', 3999, 9000)).toEqual({ outcome: 'busy', until: 4000 })
    expect(await states.takeTurn('b', 3999, 9000)).toEqual({ outcome: 'taken' })
    expect(await states.takeTurn('a', 4000, 9000)).toEqual({ outcome: 'taken' })
  })

  it('end a turn that no one ended', async () => {
    const { states } = await createStates()
    await states.takeTurn('a', 1000, 9000)
    expect(await states.takeTurn('a', 9000, 20_000)).toEqual({ outcome: 'taken' })
  })

  it('ignore a pause that no clock but a wrong one can have stored', async () => {
    const { states } = await createStates()
    const hourMs = 3_600_000
    await states.endTurn('a', 1000 + hourMs, trouble)
    expect(await states.takeTurn('a', 1000, 9000)).toEqual({ outcome: 'busy', until: 1000 + hourMs })
    await states.endTurn('a', 1000 + 2 * hourMs, trouble)
    expect(await states.takeTurn('a', 1000, 9000)).toEqual({ outcome: 'taken', trouble })
    expect(await states.takeTurn('a', 1001, 9001)).toEqual({ outcome: 'busy', until: 9000 })
  })

  it('keep why a robot takes no messages until it takes one', async () => {
    const { states } = await createStates()
    await states.endTurn('a', 2000, trouble)
    expect(await states.takeTurn('a', 2000, 3000)).toEqual({ outcome: 'taken', trouble })
    expect(await states.readTroubles(['a', 'b'])).toEqual(new Map([['a', trouble]]))
    await states.endTurn('a', 4000, undefined)
    expect(await states.readTroubles(['a', 'b'])).toEqual(new Map())
    expect(await states.takeTurn('a', 4000, 5000)).toEqual({ outcome: 'taken' })
  })

  it('expire 30 days after the last message', async () => {
    const { states, item } = await createStates()
    await states.takeTurn('a', 1000, 9000)
    expect(await item('a')).toEqual({ group: 'chat', item: 'a', next_at: 9000, expires_at: 9 + 30 * 86_400 })
  })
})
