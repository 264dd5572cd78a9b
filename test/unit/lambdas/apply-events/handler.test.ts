import { Logger } from '@aws-lambda-powertools/logger'
import { Metrics } from '@aws-lambda-powertools/metrics'
import type { SQSEvent } from 'aws-lambda'
import { describe, expect, it, vi } from 'vitest'
import { memoryEventLog } from '../../../../adapters/memory/event-log.ts'
import { memoryProjectionStore } from '../../../../adapters/memory/projection-store.ts'
import type { ProjectionStore } from '../../../../core/ports/projection-store.ts'
import { encodeEnvelope } from '../../../../core/protocol/envelope.ts'
import { createHandler } from '../../../../lambdas/apply-events/handler.ts'
import { context } from '../../../support/api-gateway.ts'
import { rules } from '../../../support/apply.ts'

type Params = Record<string, string>

function body(params: Params, received_at = 10): string {
  const trace_id = params.trace_id ?? 't'
  return encodeEnvelope({ trace_id, received_at, source: 'callback', params })
}
const join = (user_id: string, more: Params = {}) =>
  ({ event: 'join', room_id: 'R', user_id, trace_id: `join-${user_id}`, ...more }) as const

function record(messageId: string, text: string): SQSEvent['Records'][number] {
  return {
    messageId,
    receiptHandle: `handle-${messageId}`,
    body: text,
    attributes: {
      ApproximateReceiveCount: '1',
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

/** The function that applies events, over stores in memory. */
function applier(broken: { quarantine?: true; counter?: true; write?: ProjectionStore['write'] } = {}) {
  const log = memoryEventLog()
  const store = memoryProjectionStore()
  const metrics = new Metrics({ namespace: 'test' })
  const addMetric = vi.spyOn(metrics, 'addMetric')
  const added: [events: number, now: number][] = []
  const fail = () => Promise.reject(new Error('table gone'))
  const handler = createHandler({
    log: broken.quarantine ? { ...log, quarantine: fail } : log,
    store: { ...store, ...(broken.write === undefined ? {} : { write: broken.write }) },
    rules,
    counter: {
      add: async (events, now) => {
        if (broken.counter) await fail()
        added.push([events, now])
      },
    },
    alerts: { publish: async () => {} },
    roomEvents: { publish: async () => new Map() },
    timeZone: 'Asia/Shanghai',
    now: () => 99,
    logger: new Logger({ logLevel: 'SILENT' }),
    metrics,
  })
  async function failing(...messages: [id: string, body: string][]): Promise<string[]> {
    const Records = messages.map(([id, text]) => record(id, text))
    const { batchItemFailures } = await handler({ Records }, context)
    return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)
  }
  async function participant(user_id: string) {
    const [projection] = await store.read([{ kind: 'participant', room_id: 'R', user_id }])
    return projection?.state?.kind === 'participant' ? projection.state : undefined
  }
  const metric = (name: string) => addMetric.mock.calls.filter(([given]) => given === name).length
  return { log, added, failing, participant, metric }
}

describe('a batch of messages', () => {
  it('that are applied is done with', async () => {
    const { failing, participant, metric } = applier()
    expect(await failing(['1', body(join('a'))], ['2', body(join('b'))])).toEqual([])
    expect(await participant('a')).toMatchObject({ session: { joined_at: 10 } })
    expect(await participant('b')).toMatchObject({ session: { joined_at: 10 } })
    expect(metric('EventsApplied')).toBe(2)
  })

  it('reports exactly the messages whose own events failed, and applies the others', async () => {
    const store = memoryProjectionStore()
    const write: ProjectionStore['write'] = async (projection) => {
      if (projection.aggregate.kind === 'participant' && projection.aggregate.user_id === 'bad')
        throw new Error('no capacity')
      return store.write(projection)
    }
    const { failing, metric } = applier({ write })
    const messages: [string, string][] = [
      ['1', body(join('a'))],
      ['2', body(join('bad'))],
      ['3', body(join('c'))],
      ['4', body({ ...join('bad'), event: 'leave', trace_id: 'leave-bad' })],
    ]
    expect((await failing(...messages)).sort()).toEqual(['2', '4'])
    expect(metric('EventsApplied')).toBe(2)
    expect(metric('EventsFailed')).toBe(2)
  })

  it('counts a repeated one once, in the batch and later', async () => {
    const { failing, participant, metric, added } = applier()
    expect(await failing(['1', body(join('a'))], ['2', body(join('a'), 20)])).toEqual([])
    expect(await failing(['3', body(join('a'), 30)])).toEqual([])
    expect(await participant('a')).toMatchObject({ session: { joined_at: 10, reconnects: 0 } })
    expect(metric('EventsDuplicate')).toBe(2)
    expect(added).toEqual([[1, 99]])
  })

  it('may be empty', async () => {
    const { failing, added } = applier()
    expect(await failing()).toEqual([])
    expect(added).toEqual([])
  })
})

describe('a message that can never be an event', () => {
  const hopeless: [name: string, body: string][] = [
    ['no JSON', 'oops'],
    ['no envelope', '{}'],
    ['null', 'null'],
    ['without a trace_id', '{"trace_id":"","received_at":1,"source":"callback","params":{"event":"open"}}'],
    ['without a time', '{"trace_id":"t","source":"callback","params":{"event":"open"}}'],
    ['from elsewhere', '{"trace_id":"t","received_at":1,"source":"mars","params":{"event":"open"}}'],
    ['without an event', '{"trace_id":"t","received_at":1,"source":"callback","params":{"room_id":"R"}}'],
    ['with params that are no text', '{"trace_id":"t","received_at":1,"source":"callback","params":{"event":5}}'],
  ]

  it.each(hopeless)('is quarantined as it came, with a reason, and not tried again: %s', async (_, text) => {
    const { failing, log, metric, participant } = applier()
    expect(await failing(['1', text], ['2', body(join('a'))])).toEqual([])
    const [kept, ...others] = log.quarantined.values()
    expect(kept).toMatchObject({ body: text, received_at: 1_732_444_111_123, reason: expect.stringMatching(/./) })
    expect(others).toEqual([])
    expect(metric('EventsQuarantined')).toBe(1)
    expect(await participant('a')).toMatchObject({ session: { joined_at: 10 } })
  })

  it('leaves one record, however often it is delivered', async () => {
    const { failing, log } = applier()
    for (let time = 0; time < 3; time++) await failing(['1', 'oops'])
    await failing(['2', 'oops'])
    expect(log.quarantined.size).toBe(2)
  })

  it('is tried again where it could not be quarantined: it must not be lost', async () => {
    const { failing } = applier({ quarantine: true })
    expect(await failing(['1', 'oops'], ['2', body(join('a'))])).toEqual(['1'])
  })
})

describe('an event', () => {
  it('of an unknown kind is logged and counted, and not tried again', async () => {
    const { failing, log, metric } = applier()
    expect(await failing(['1', body({ event: 'hologram_on', room_id: 'R' })])).toEqual([])
    expect(metric('EventsUnknown')).toBe(1)
    expect(await log.read({ kind: 'other', room_id: 'R' })).toMatchObject([{ event: 'hologram_on' }])
  })

  it('that reuses a trace_id with other content is quarantined; the one received first holds', async () => {
    const { failing, log, participant } = applier()
    await failing(['1', body(join('a', { user_name: 'first' }), 10)])
    expect(await failing(['2', body(join('a', { user_name: 'second' }), 20)])).toEqual([])
    expect(await participant('a')).toMatchObject({ user_name: 'first' })
    expect([...log.quarantined.values()]).toMatchObject([{ event: { params: { user_name: 'second' } } }])
  })

  it('that reuses a trace_id gives the same state in whatever order the two arrive', async () => {
    const early: [string, string] = ['1', body(join('a', { user_name: 'first' }), 10)]
    const late: [string, string] = ['2', body(join('a', { user_name: 'second' }), 20)]
    const states = [early, late].map(async (first) => {
      const { failing, participant } = applier()
      await failing(first)
      await failing(first === early ? late : early)
      return participant('a')
    })
    const [inOrder, reversed] = await Promise.all(states)
    expect(inOrder).toMatchObject({ user_name: 'first' })
    expect(reversed).toEqual(inOrder)
  })

  it('counts for the statistics where it was applied, also late; a failure of the figure fails no event', async () => {
    const { failing, added } = applier()
    await failing(['1', body(join('a'), 20)], ['2', body({ event: 'hologram_on' })])
    await failing(['3', body({ ...join('a'), trace_id: 'earlier' }, 5)])
    expect(added.map(([events]) => events)).toEqual([2, 1])
    expect(await applier({ counter: true }).failing(['1', body(join('a'))])).toEqual([])
  })
})
