import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, inject, it } from 'vitest'
import { z } from 'zod'
import { toEventItem } from '../../adapters/dynamodb/event-item.ts'
import { toPastItem } from '../../adapters/dynamodb/past-item.ts'
import { toProjectionItem } from '../../adapters/dynamodb/projection-item.ts'
import { emptyProjection } from '../../core/projection/projection.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { aggregateOf } from '../../core/state/aggregate.ts'
import { evolve } from '../../core/state/fold.ts'
import { orderKey } from '../../core/state/order.ts'
import { indexes } from '../../names/indexes.ts'
import { rules } from '../support/apply.ts'
import { event } from '../support/events.ts'
import { parseTemplate } from '../support/template-resources.ts'

const keySchema = z.array(z.object({ AttributeName: z.string() }))
const tableSchema = z.object({
  AttributeDefinitions: z.array(z.object({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N']) })),
  KeySchema: keySchema,
  GlobalSecondaryIndexes: z.array(
    z.object({
      IndexName: z.string(),
      KeySchema: keySchema,
      Projection: z.object({ NonKeyAttributes: z.array(z.string()).default([]) }),
    }),
  ),
  TimeToLiveSpecification: z.object({ AttributeName: z.string() }),
})

/** Reads a table of the template. @returns matchers of the attributes of its key, of an index and of the time to live. */
function readTable(part: 'EventLog' | 'State') {
  const text = readFileSync(join(inject('assemblies').strict, 'Northbound.template.json'), 'utf8')
  const resources = parseTemplate(JSON.parse(text)).ofType('AWS::DynamoDB::Table')
  const table = tableSchema.parse(resources.find(({ id }) => id.includes(part))?.Properties)
  const types = new Map(table.AttributeDefinitions.map((defined) => [defined.AttributeName, defined.AttributeType]))
  const matchKey = (key: z.output<typeof keySchema>) =>
    Object.fromEntries(
      key.map(({ AttributeName }) => [AttributeName, expect.any(types.get(AttributeName) === 'N' ? Number : String)]),
    )
  return {
    key: matchKey(table.KeySchema),
    index(name: string) {
      const index = table.GlobalSecondaryIndexes.find(({ IndexName }) => IndexName === name)
      if (index === undefined) throw new Error(`the table has no index ${name}`)
      const copied = index.Projection.NonKeyAttributes.map((attribute) => [attribute, expect.anything()])
      return { ...matchKey(index.KeySchema), ...Object.fromEntries(copied) }
    },
    timeToLive: { [table.TimeToLiveSpecification.AttributeName]: expect.any(Number) },
  }
}

const retentionDays = 400

function projectionItem(...events: readonly [NorthboundEvent, ...NorthboundEvent[]]) {
  return toProjectionItem(
    {
      ...emptyProjection(aggregateOf(events[0])),
      state: evolve(undefined, events, [], rules),
      watermark: orderKey(events.at(-1) ?? events[0]),
    },
    retentionDays,
  )
}

const opened = event('open', {}, { at: 1000 })
const joined = event('join', {}, { at: 2000 })
const left = event('leave', {}, { at: 3000 })
const closed = event('close', {}, { at: 4000 })

describe('the event log table', () => {
  it('has the keys and the time to live that event items have', () => {
    const { key, index, timeToLive } = readTable('EventLog')
    expect(toEventItem(joined, retentionDays)).toMatchObject({ ...key, ...index(indexes.timeline), ...timeToLive })
  })
})

describe('the state table', () => {
  it('has the keys of the items of open rooms', () => {
    const { key, index } = readTable('State')
    expect(projectionItem(opened)).toMatchObject({ ...key, ...index(indexes.listing) })
  })

  it('has the keys of the items of present participants', () => {
    const { key, index } = readTable('State')
    const expected = { ...key, ...index(indexes.listing), ...index(indexes.userSessions) }
    expect(projectionItem(joined)).toMatchObject(expected)
  })

  it('has the time to live of the items of closed rooms and absent participants', () => {
    const { timeToLive } = readTable('State')
    expect(projectionItem(opened, closed)).toMatchObject(timeToLive)
    expect(projectionItem(joined, left)).toMatchObject(timeToLive)
  })

  it('has the keys and the time to live of the items of past sessions', () => {
    const { key, index, timeToLive } = readTable('State')
    const participant = { kind: 'participant', room_id: 'R', user_id: 'U' } as const
    const end = { at: 3000, reason: 'normal', estimated: false }
    const start = { joined_at: 2000, start_estimated: false, endpoint_type: null, reconnects: 0 }
    const session = { ...start, end, user_name: null }
    const item = toPastItem(participant, { key: '2000', entry: session }, 1, retentionDays)
    expect(item).toMatchObject({ ...key, ...index(indexes.userSessions), ...timeToLive })
  })
})
