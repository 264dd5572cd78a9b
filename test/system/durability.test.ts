import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type System, startSystem } from '../support/system.ts'

const join = (user: string) => ({
  event: 'join',
  trace_id: `join-${user}`,
  room_id: 'R',
  user_id: user,
  event_type: 'normal',
  endpoint_type: 'web',
})

describe('acknowledged means durable', () => {
  let system: System

  beforeEach(async () => {
    // Failed messages come again after a second instead of minutes.
    system = await startSystem({ visibilityTimeoutSeconds: 1 })
  })
  afterEach(() => system.run.stop())

  const present = async () => {
    const { body } = await system.query('/api/rooms')
    return (body as { items: { present: number }[] }).items[0]?.present ?? 0
  }

  it.each([
    ['refuses', { status: 400, code: 'AccessDenied' }],
    ['fails', { status: 500 }],
    ['does not answer', { hang: true }],
  ])('while the queue %s, the answer is 503 with Retry-After within 3 s, and nothing is stored', async (_, fault) => {
    // The start of the function is not what is measured.
    await system.request('/room_event_history', { method: 'PUT' })
    const mend = system.run.inject({ service: 'sqs', action: 'SendMessage', ...fault })
    const began = performance.now()
    const answer = await system.callback(join('1'))
    const took = performance.now() - began
    expect(answer).toMatchObject({ status: 503, body: { ret: 503, msg: expect.stringContaining('queue') } })
    expect(answer.headers.get('retry-after')).toBe('1')
    expect(took).toBeLessThan(3000)
    mend()
    await system.settle()
    expect(await system.countItems('EventLogTableName')).toBe(0)
    expect(await system.countItems('StateTableName')).toBe(0)
    expect(await system.callback(join('1'))).toMatchObject({ status: 200 })
    await system.settle()
    expect(await present()).toBe(1)
  })

  it('a queue that fails once and then works takes the event, and the sender never knows', async () => {
    const mend = system.run.inject({ service: 'sqs', action: 'SendMessage', status: 500 })
    const answer = system.callback(join('1'))
    await delay(200)
    mend()
    expect(await answer).toMatchObject({ status: 200 })
    await system.settle()
    expect(await present()).toBe(1)
  })

  it('while DynamoDB fails, events are accepted; once it recovers, every one of them is applied', async () => {
    const mend = system.run.inject({ service: 'dynamodb', principal: 'ApplyEvents', status: 500 })
    const users = Array.from({ length: 20 }, (_, index) => String(index))
    for (const user of users) expect(await system.callback(join(user))).toMatchObject({ status: 200 })
    await delay(1500)
    expect(await system.countItems('EventLogTableName')).toBe(0)
    mend()
    await system.settle()
    expect(await present()).toBe(users.length)
    expect(await system.countMessages('DeadLetterQueueUrl')).toBe(0)
  })

  it('when only the state cannot be written, the log is not counted twice afterwards', async () => {
    const mend = system.run.inject({
      service: 'dynamodb',
      action: 'BatchGetItem',
      principal: 'ApplyEvents',
      status: 500,
    })
    for (let again = 0; again < 3; again++) expect(await system.callback(join('1'))).toMatchObject({ status: 200 })
    await delay(500)
    mend()
    await system.settle()
    const { body } = await system.query('/api/rooms/R')
    expect(body).toMatchObject({ room: { present: 1 }, participants: [{ user_id: '1', reconnects: 0 }] })
    expect(await system.countItems('EventLogTableName')).toBe(1)
  })

  it('while the key cannot be read, the answer is 503 and not a wrongly refused or accepted event', async () => {
    const keyed = await startSystem({ checkCodeKey: 'k' })
    try {
      const mend = keyed.run.inject({ service: 'secretsmanager', status: 500 })
      expect(await keyed.callback(join('1'))).toMatchObject({ status: 503, body: { ret: 503 } })
      mend()
      expect(await keyed.callback(join('1'))).toMatchObject({ status: 401 })
    } finally {
      await keyed.run.stop()
    }
  })

  it('stopping applies or keeps what was acknowledged: a stop waits for the queue', async () => {
    for (const user of ['1', '2', '3']) await system.callback(join(user))
    await system.run.stop()
    expect(system.run.calls().filter((call) => call.action === 'dynamodb:PutItem').length).toBeGreaterThan(0)
  })
})
