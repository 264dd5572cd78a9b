import { describe, expect, it } from 'vitest'
import { memoryProjectionStore } from '../../../../adapters/memory/projection-store.ts'
import type { ProjectionStore } from '../../../../core/ports/projection-store.ts'
import { probeParameters, probeRoomId } from '../../../../core/protocol/probe.ts'
import { encodeBody, joinOf, setUpHandler } from './set-up-handler.ts'

describe('createHandler with events', () => {
  it('applies the events and retries no message', async () => {
    const { deliver, readParticipant, metricCount } = setUpHandler()
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
    const { deliver, metricCount } = setUpHandler({ write })
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
    const { deliver, readParticipant, metricCount, added } = setUpHandler()
    expect(await deliver(['1', encodeBody(joinOf('a'))], ['2', encodeBody(joinOf('a'), 20)])).toEqual([])
    expect(await deliver(['3', encodeBody(joinOf('a'), 30)])).toEqual([])
    expect(await readParticipant('a')).toMatchObject({ session: { joined_at: 10, reconnects: 0 } })
    expect(metricCount('EventsDuplicate')).toBe(2)
    expect(added).toEqual([[{ count: 1, kinds: { join: 1 }, lastReceivedAt: 10 }, 99]])
  })

  it('accepts an empty batch', async () => {
    const { deliver, added } = setUpHandler()
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
      const { deliver, log, metricCount, readParticipant } = setUpHandler()
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
    const { deliver, log } = setUpHandler()
    for (let delivery = 0; delivery < 3; delivery++) await deliver(['1', 'oops'])
    await deliver(['2', 'oops'])
    expect(log.quarantined.size).toBe(2)
  })

  it('retries the message if it cannot be quarantined', async () => {
    const { deliver } = setUpHandler({ quarantine: true })
    expect(await deliver(['1', 'oops'], ['2', encodeBody(joinOf('a'))])).toEqual(['1'])
  })
})

describe('createHandler with unusual events', () => {
  it('logs and counts an event of an unknown kind', async () => {
    const { deliver, log, metricCount } = setUpHandler()
    expect(await deliver(['1', encodeBody({ event: 'hologram_on', room_id: 'R' })])).toEqual([])
    expect(metricCount('EventsUnknown')).toBe(1)
    expect(await log.read({ kind: 'other', room_id: 'R' })).toMatchObject([{ event: 'hologram_on' }])
  })

  it('logs a probe under its own room, without a projection and without counting it as an unknown kind', async () => {
    const { deliver, log, metricCount, store } = setUpHandler()
    expect(await deliver(['1', encodeBody(probeParameters('probe-1'))])).toEqual([])
    expect(metricCount('EventsUnknown')).toBe(0)
    expect(await log.read({ kind: 'other', room_id: probeRoomId })).toMatchObject([{ event: 'northbound_probe' }])
    const [room] = await store.read([{ kind: 'room', room_id: probeRoomId }])
    expect(room?.state).toBeUndefined()
  })

  it('quarantines an event that reuses a trace_id with different content', async () => {
    const { deliver, log, readParticipant } = setUpHandler()
    await deliver(['1', encodeBody(joinOf('a', { user_name: 'first' }), 10)])
    expect(await deliver(['2', encodeBody(joinOf('a', { user_name: 'second' }), 20)])).toEqual([])
    expect(await readParticipant('a')).toMatchObject({ user_name: 'first' })
    expect([...log.quarantined.values()]).toMatchObject([{ event: { params: { user_name: 'second' } } }])
  })

  it('stores the same state for two events with one trace_id, in either order', async () => {
    const early: [string, string] = ['1', encodeBody(joinOf('a', { user_name: 'first' }), 10)]
    const late: [string, string] = ['2', encodeBody(joinOf('a', { user_name: 'second' }), 20)]
    const states = [early, late].map(async (first) => {
      const { deliver, readParticipant } = setUpHandler()
      await deliver(first)
      await deliver(first === early ? late : early)
      return readParticipant('a')
    })
    const [inOrder, reversed] = await Promise.all(states)
    expect(inOrder).toMatchObject({ user_name: 'first' })
    expect(reversed).toEqual(inOrder)
  })

  it('counts genuine callbacks only, neither corrections nor the checks of operators', async () => {
    const { deliver, added, metricCount } = setUpHandler()
    const probe = encodeBody({ event: 'northbound_probe', trace_id: 'probe' }, 40)
    const correction = encodeBody({ ...joinOf('b'), trace_id: 'sweep' }, 30, 'reconcile')
    await deliver(['1', encodeBody(joinOf('a'), 20)], ['2', correction], ['3', probe])
    expect(added).toEqual([[{ count: 1, kinds: { join: 1 }, lastReceivedAt: 20 }, 99]])
    expect(metricCount('EventsApplied')).toBe(1)
    expect(metricCount('EventAge')).toBe(1)
    await deliver(['4', correction])
    expect(added).toHaveLength(1)
    expect(metricCount('EventsDuplicate')).toBe(0)
  })

  it('counts applied and late callbacks for the statistics, and ignores a failure of the counter', async () => {
    const { deliver, added } = setUpHandler()
    await deliver(['1', encodeBody(joinOf('a'), 20)], ['2', encodeBody({ event: 'hologram_on' })])
    await deliver(['3', encodeBody({ ...joinOf('a'), trace_id: 'earlier' }, 5)])
    expect(added.map(([{ count, kinds }]) => [count, kinds])).toEqual([
      [2, { join: 1, other: 1 }],
      [1, { join: 1 }],
    ])
    expect(await setUpHandler({ counter: true }).deliver(['1', encodeBody(joinOf('a'))])).toEqual([])
  })
})
