import { Logger } from '@aws-lambda-powertools/logger'
import { Metrics } from '@aws-lambda-powertools/metrics'
import type { SQSEvent } from 'aws-lambda'
import { describe, expect, it, vi } from 'vitest'
import { memoryEventLog } from '../../../../adapters/memory/event-log.ts'
import { memoryProjectionStore } from '../../../../adapters/memory/projection-store.ts'
import type { ProjectionStore } from '../../../../core/ports/projection-store.ts'
import { emptyProjection } from '../../../../core/projection/projection.ts'
import { encodeCommand } from '../../../../core/protocol/command.ts'
import { encodeEnvelope } from '../../../../core/protocol/envelope.ts'
import type { StatefulAggregateId } from '../../../../core/state/aggregate.ts'
import { unknownFoldVersion } from '../../../../core/state/fold-version.ts'
import { createHandler } from '../../../../lambdas/apply-events/handler.ts'
import { lambdaContext } from '../../../support/api-gateway.ts'
import { rules } from '../../../support/apply.ts'
import { event } from '../../../support/events.ts'

type EventParams = Record<string, string>

function encodeBody(params: EventParams, received_at = 10): string {
  const trace_id = params.trace_id ?? 't'
  return encodeEnvelope({ trace_id, received_at, source: 'callback', params })
}
const joinOf = (user_id: string, more: EventParams = {}) =>
  ({ event: 'join', room_id: 'R', user_id, trace_id: `join-${user_id}`, ...more }) as const

const maxReceiveCount = 5

function createRecord(messageId: string, body: string, receives: number): SQSEvent['Records'][number] {
  return {
    messageId,
    receiptHandle: `handle-${messageId}`,
    body,
    attributes: {
      ApproximateReceiveCount: String(receives),
      SentTimestamp: '1732444111123',
      SenderId: 'AROAEXAMPLE',
      ApproximateFirstReceiveTimestamp: '1732444111130',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-central-1:123456789012:events',
    awsRegion: 'eu-central-1',
  }
}

/** Creates the handler over stores in memory. `broken` selects what fails. */
function setUp(
  broken: { quarantine?: true; counter?: true; store?: ProjectionStore } & Partial<
    Pick<ProjectionStore, 'write' | 'markOutdated'>
  > = {},
) {
  const log = memoryEventLog()
  const store = broken.store ?? memoryProjectionStore()
  const metrics = new Metrics({ namespace: 'test' })
  const addMetric = vi.spyOn(metrics, 'addMetric')
  const added: [events: number, now: number][] = []
  const fail = () => Promise.reject(new Error('the table does not exist'))
  const handler = createHandler({
    log: broken.quarantine ? { ...log, quarantine: fail } : log,
    store: { ...store, write: broken.write ?? store.write, markOutdated: broken.markOutdated ?? store.markOutdated },
    rules,
    counter: {
      add: async (events, now) => {
        if (broken.counter) await fail()
        added.push([events, now])
      },
    },
    alerts: { publish: async () => {} },
    roomEvents: { publish: async () => new Map() },
    maxReceiveCount,
    now: () => 99,
    logger: new Logger({ logLevel: 'SILENT' }),
    metrics,
  })
  /** Delivers the messages. @returns the ids of those to retry. */
  async function deliver(...messages: [id: string, body: string, receives?: number][]): Promise<string[]> {
    const Records = messages.map(([id, body, receives = 1]) => createRecord(id, body, receives))
    const { batchItemFailures } = await handler({ Records }, lambdaContext)
    return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)
  }
  async function readParticipant(user_id: string) {
    const [projection] = await store.read([{ kind: 'participant', room_id: 'R', user_id }])
    return projection?.state?.kind === 'participant' ? projection.state : undefined
  }
  const metricCount = (name: string) => addMetric.mock.calls.filter(([added]) => added === name).length
  return { log, store, added, deliver, readParticipant, metricCount }
}

describe('createHandler with events', () => {
  it('applies the events and retries no message', async () => {
    const { deliver, readParticipant, metricCount } = setUp()
    expect(await deliver(['1', encodeBody(joinOf('a'))], ['2', encodeBody(joinOf('b'))])).toEqual([])
    expect(await readParticipant('a')).toMatchObject({ session: { joined_at: 10 } })
    expect(await readParticipant('b')).toMatchObject({ session: { joined_at: 10 } })
    expect(metricCount('EventsApplied')).toBe(2)
  })

  it('retries only the messages whose own events failed, and applies the others', async () => {
    const store = memoryProjectionStore()
    const write: ProjectionStore['write'] = async (projection) => {
      if (projection.aggregate.kind === 'participant' && projection.aggregate.user_id === 'bad')
        throw new Error('no capacity')
      return store.write(projection)
    }
    const { deliver, metricCount } = setUp({ write })
    const messages: [string, string][] = [
      ['1', encodeBody(joinOf('a'))],
      ['2', encodeBody(joinOf('bad'))],
      ['3', encodeBody(joinOf('c'))],
      ['4', encodeBody({ ...joinOf('bad'), event: 'leave', trace_id: 'leave-bad' })],
    ]
    expect((await deliver(...messages)).sort()).toEqual(['2', '4'])
    expect(metricCount('EventsApplied')).toBe(2)
    expect(metricCount('EventsFailed')).toBe(2)
  })

  it('counts duplicates once, within a batch and across batches', async () => {
    const { deliver, readParticipant, metricCount, added } = setUp()
    expect(await deliver(['1', encodeBody(joinOf('a'))], ['2', encodeBody(joinOf('a'), 20)])).toEqual([])
    expect(await deliver(['3', encodeBody(joinOf('a'), 30)])).toEqual([])
    expect(await readParticipant('a')).toMatchObject({ session: { joined_at: 10, reconnects: 0 } })
    expect(metricCount('EventsDuplicate')).toBe(2)
    expect(added).toEqual([[1, 99]])
  })

  it('accepts an empty batch', async () => {
    const { deliver, added } = setUp()
    expect(await deliver()).toEqual([])
    expect(added).toEqual([])
  })
})

describe('createHandler with a message that is not an event', () => {
  const invalidMessages: [name: string, body: string][] = [
    ['text that is not JSON', 'oops'],
    ['JSON that is not an envelope', '{}'],
    ['null', 'null'],
    ['an unknown command', '{"command":"erase","aggregate":{"kind":"room","room_id":"R"}}'],
    ['a command without an aggregate', '{"command":"rebuild"}'],
    ['a command for an aggregate without a state', '{"command":"rebuild","aggregate":{"kind":"other"}}'],
    [
      'a command with a further member',
      '{"command":"rebuild","aggregate":{"kind":"box","box_code":"B"},"trace_id":"t"}',
    ],
    ['an envelope without a trace_id', '{"trace_id":"","received_at":1,"source":"callback","params":{"event":"open"}}'],
    ['an envelope without a time', '{"trace_id":"t","source":"callback","params":{"event":"open"}}'],
    [
      'an envelope with an unknown source',
      '{"trace_id":"t","received_at":1,"source":"mars","params":{"event":"open"}}',
    ],
    ['an envelope without an event', '{"trace_id":"t","received_at":1,"source":"callback","params":{"room_id":"R"}}'],
    [
      'an envelope with params that are not text',
      '{"trace_id":"t","received_at":1,"source":"callback","params":{"event":5}}',
    ],
  ]

  it.each(invalidMessages)(
    'quarantines %s as received, with a reason, and does not retry it',
    async (_, invalidBody) => {
      const { deliver, log, metricCount, readParticipant } = setUp()
      expect(await deliver(['1', invalidBody], ['2', encodeBody(joinOf('a'))])).toEqual([])
      const [quarantined, ...others] = log.quarantined.values()
      expect(quarantined).toMatchObject({
        body: invalidBody,
        received_at: 1_732_444_111_123,
        reason: expect.stringMatching(/./),
      })
      expect(others).toEqual([])
      expect(metricCount('EventsQuarantined')).toBe(1)
      expect(await readParticipant('a')).toMatchObject({ session: { joined_at: 10 } })
    },
  )

  it('keeps one quarantine record per message, even if it is delivered several times', async () => {
    const { deliver, log } = setUp()
    for (let delivery = 0; delivery < 3; delivery++) await deliver(['1', 'oops'])
    await deliver(['2', 'oops'])
    expect(log.quarantined.size).toBe(2)
  })

  it('retries the message if it cannot be quarantined', async () => {
    const { deliver } = setUp({ quarantine: true })
    expect(await deliver(['1', 'oops'], ['2', encodeBody(joinOf('a'))])).toEqual(['1'])
  })
})

describe('createHandler with unusual events', () => {
  it('logs and counts an event of an unknown kind', async () => {
    const { deliver, log, metricCount } = setUp()
    expect(await deliver(['1', encodeBody({ event: 'hologram_on', room_id: 'R' })])).toEqual([])
    expect(metricCount('EventsUnknown')).toBe(1)
    expect(await log.read({ kind: 'other', room_id: 'R' })).toMatchObject([{ event: 'hologram_on' }])
  })

  it('quarantines an event that reuses a trace_id with different content', async () => {
    const { deliver, log, readParticipant } = setUp()
    await deliver(['1', encodeBody(joinOf('a', { user_name: 'first' }), 10)])
    expect(await deliver(['2', encodeBody(joinOf('a', { user_name: 'second' }), 20)])).toEqual([])
    expect(await readParticipant('a')).toMatchObject({ user_name: 'first' })
    expect([...log.quarantined.values()]).toMatchObject([{ event: { params: { user_name: 'second' } } }])
  })

  it('stores the same state for two events with one trace_id, in either order', async () => {
    const early: [string, string] = ['1', encodeBody(joinOf('a', { user_name: 'first' }), 10)]
    const late: [string, string] = ['2', encodeBody(joinOf('a', { user_name: 'second' }), 20)]
    const states = [early, late].map(async (first) => {
      const { deliver, readParticipant } = setUp()
      await deliver(first)
      await deliver(first === early ? late : early)
      return readParticipant('a')
    })
    const [inOrder, reversed] = await Promise.all(states)
    expect(inOrder).toMatchObject({ user_name: 'first' })
    expect(reversed).toEqual(inOrder)
  })

  it('counts applied and late events for the statistics, and ignores a failure of the counter', async () => {
    const { deliver, added } = setUp()
    await deliver(['1', encodeBody(joinOf('a'), 20)], ['2', encodeBody({ event: 'hologram_on' })])
    await deliver(['3', encodeBody({ ...joinOf('a'), trace_id: 'earlier' }, 5)])
    expect(added.map(([events]) => events)).toEqual([2, 1])
    expect(await setUp({ counter: true }).deliver(['1', encodeBody(joinOf('a'))])).toEqual([])
  })
})

const participant = { kind: 'participant', room_id: 'R', user_id: 'a' } as const
const rebuildOf = (aggregate: StatefulAggregateId) => encodeCommand({ command: 'rebuild', aggregate })

describe('createHandler with a command', () => {
  it('folds a damaged projection again and writes it only if that changes it', async () => {
    const { deliver, store, readParticipant, metricCount } = setUp()
    await deliver(['1', encodeBody(joinOf('a', { user_name: 'Ann' }))])
    const [stored = emptyProjection(participant)] = await store.read([participant])
    await store.write({ ...stored, state: undefined })
    expect(await deliver(['2', rebuildOf(participant)])).toEqual([])
    expect(await readParticipant('a')).toMatchObject({ user_name: 'Ann', session: { joined_at: 10 } })
    expect(await deliver(['3', rebuildOf(participant)])).toEqual([])
    expect(await store.read([participant])).toMatchObject([{ version: 3 }])
    expect(metricCount('ProjectionsRebuilt')).toBe(2)
  })

  it('ends the sessions of everyone in a rebuilt room', async () => {
    const { deliver, store, log, readParticipant } = setUp()
    await deliver(['1', encodeBody(joinOf('a'))])
    // The close is in the log, but it became a dead letter before its projection was written.
    await log.append(event('close', { room_id: 'R', event_type: 'user' }, { at: 20 }))
    await deliver(['2', rebuildOf({ kind: 'room', room_id: 'R' })])
    expect(await store.read([{ kind: 'room', room_id: 'R' }])).toMatchObject([{ state: { closed_at: 20 } }])
    expect(await readParticipant('a')).toMatchObject({ session: { end: { at: 20, reason: 'room_closed' } } })
  })

  it('applies the events of the same aggregate in the same batch once', async () => {
    const { deliver, readParticipant, metricCount } = setUp()
    const messages = [encodeBody(joinOf('a')), rebuildOf(participant), rebuildOf(participant)]
    expect(await deliver(...messages.map((body, index): [string, string] => [String(index), body]))).toEqual([])
    expect(await readParticipant('a')).toMatchObject({ session: { joined_at: 10, reconnects: 0 } })
    expect(metricCount('EventsApplied')).toBe(1)
  })

  it('retries a command that fails, and no other message', async () => {
    const { deliver, store, log } = setUp({ write: () => Promise.reject(new Error('no capacity')) })
    await log.append(event('join', { room_id: 'R', user_id: 'a' }))
    const messages: [string, string][] = [
      ['1', rebuildOf(participant)],
      ['2', encodeBody({ event: 'hologram_on', room_id: 'R' })],
    ]
    expect(await deliver(...messages)).toEqual(['1'])
    expect(await store.read([participant])).toEqual([emptyProjection(participant)])
  })
})

describe('createHandler with a message that fails at its last receive', () => {
  const write = () => Promise.reject(new Error('no capacity'))

  it('marks the projection, so that the next event folds all events of the log', async () => {
    const store = memoryProjectionStore()
    let isBroken = true
    const { deliver, readParticipant } = setUp({
      store,
      write: (projection) => (isBroken ? write() : store.write(projection)),
    })
    const join = encodeBody(joinOf('a', { user_name: 'Ann' }))
    expect(await deliver(['1', join, maxReceiveCount])).toEqual(['1'])
    isBroken = false
    await deliver(['2', encodeBody({ ...joinOf('a'), event: 'leave', trace_id: 'leave' }, 20)])
    expect(await readParticipant('a')).toMatchObject({ user_name: 'Ann', session: { joined_at: 10, end: { at: 20 } } })
  })

  it('marks the projection of a command, too', async () => {
    const { deliver, store, log } = setUp({ write })
    await log.append(event('join', { room_id: 'R', user_id: 'a' }))
    await deliver(['1', rebuildOf(participant), maxReceiveCount])
    expect(await store.read([participant])).toMatchObject([{ version: 1, foldVersion: unknownFoldVersion }])
  })

  it('marks no projection at an earlier receive or for another message', async () => {
    const { deliver, store } = setUp({ write })
    await deliver(['1', encodeBody(joinOf('a')), maxReceiveCount - 1], ['2', 'oops', maxReceiveCount])
    expect(await store.read([participant])).toEqual([emptyProjection(participant)])
  })

  it('counts a projection that could not be marked, and retries the message all the same', async () => {
    const { deliver, metricCount } = setUp({ write, markOutdated: write })
    expect(await deliver(['1', encodeBody(joinOf('a')), maxReceiveCount])).toEqual(['1'])
    expect(metricCount('MarksFailed')).toBe(1)
  })
})
