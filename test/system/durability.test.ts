import { setTimeout as sleep } from 'node:timers/promises'
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

describe('the running system during failures', () => {
  let system: System

  beforeEach(async () => {
    system = await startSystem()
  })
  afterEach(() => system.run.stop())

  const countPresent = async () => {
    const { body } = await system.query('/api/rooms')
    return (body as { items: { present: number }[] }).items[0]?.present ?? 0
  }

  it.each([
    ['denies access', { status: 400, code: 'AccessDenied' }],
    ['fails', { status: 500 }],
    ['does not respond', { effect: 'hang' as const }],
  ])('responds with 503 and Retry-After within 3 s and stores nothing if the queue %s', async (_, fault) => {
    // Starts the function, so that its start is not measured. It keeps a sample of this request.
    await system.request('/room_event_history', { method: 'PUT' })
    const removeFault = system.run.inject({ service: 'sqs', action: 'SendMessage', ...fault })
    const startMs = performance.now()
    const response = await system.callback(join('1'))
    const elapsedMs = performance.now() - startMs
    expect(response).toMatchObject({ status: 503, body: { ret: 503, msg: expect.stringContaining('queue') } })
    expect(response.headers.get('retry-after')).toBe('1')
    expect(elapsedMs).toBeLessThan(3000)
    removeFault()
    await system.settle()
    expect(await system.countItems('EventLogTableName')).toBe(0)
    expect(await system.countItems('StateTableName')).toBe(1)
    expect(await system.callback(join('1'))).toMatchObject({ status: 200 })
    await system.settle()
    expect(await countPresent()).toBe(1)
  })

  it('accepts an event if the queue fails only briefly', async () => {
    const removeFault = system.run.inject({ service: 'sqs', action: 'SendMessage', status: 500 })
    const response = system.callback(join('1'))
    await sleep(200)
    removeFault()
    expect(await response).toMatchObject({ status: 200 })
    await system.settle()
    expect(await countPresent()).toBe(1)
  })

  it('accepts events while DynamoDB fails and applies all of them after the recovery', async () => {
    const removeFault = system.run.inject({ service: 'dynamodb', principal: 'ApplyEvents', status: 500 })
    const users = Array.from({ length: 20 }, (_, index) => String(index))
    for (const user of users) expect(await system.callback(join(user))).toMatchObject({ status: 200 })
    await sleep(1500)
    expect(await system.countItems('EventLogTableName')).toBe(0)
    removeFault()
    await system.settle()
    expect(await countPresent()).toBe(users.length)
    expect(await system.countMessages('DeadLetterQueueUrl')).toBe(0)
  })

  it('applies a repeated event once if it was logged while the state could not be read', async () => {
    const removeFault = system.run.inject({
      service: 'dynamodb',
      action: 'BatchGetItem',
      principal: 'ApplyEvents',
      status: 500,
    })
    for (let attempt = 0; attempt < 3; attempt++)
      expect(await system.callback(join('1'))).toMatchObject({ status: 200 })
    await sleep(500)
    removeFault()
    await system.settle()
    const { body } = await system.query('/api/rooms/R')
    expect(body).toMatchObject({ room: { present: 1 }, participants: [{ user_id: '1', reconnects: 0 }] })
    expect(await system.countItems('EventLogTableName')).toBe(1)
  })

  it('puts a dead letter back once after the recovery, and leaves it alone when it is dead again', async () => {
    const redrive = () => system.run.invoke('RedriveDeadLetters', {})
    await system.enqueue(join('1'), Date.now(), 'callback', 'DeadLetterQueueUrl')
    expect(await redrive()).toMatchObject({ payload: { outcome: 'probe', redriven: 1 } })
    await system.settle()
    expect(await countPresent()).toBe(1)
    expect(await system.countMessages('DeadLetterQueueUrl')).toBe(0)
    await system.enqueue(join('2'), Date.now(), 'callback', 'DeadLetterQueueUrl', { redriven_at: Date.now() })
    expect(await redrive()).toMatchObject({ payload: { outcome: 'redrive', redriven: 0 } })
    expect(await system.countMessages('DeadLetterQueueUrl')).toBe(1)
    expect(system.run.denials).toEqual([])
  })

  it('applies queued events before it stops', async () => {
    for (const user of ['1', '2', '3']) await system.callback(join(user))
    await system.run.stop()
    expect(system.run.calls().filter((call) => call.action === 'dynamodb:PutItem').length).toBeGreaterThan(0)
  })

  it('counts queued events that wait for a retry as lost when it stops, and stops within 5 s', async () => {
    system.run.inject({ service: 'dynamodb', principal: 'ApplyEvents', status: 500 })
    for (const user of ['1', '2', '3']) await system.callback(join(user))
    await expect.poll(countDelays, { timeout: 20_000 }).toBeGreaterThan(0)
    const startMs = performance.now()
    expect(await system.run.stop()).toBe(3)
    expect(performance.now() - startMs).toBeLessThan(5000)
  })

  const countDelays = () => system.run.calls().filter(({ action }) => action === 'sqs:ChangeMessageVisibility').length
})
