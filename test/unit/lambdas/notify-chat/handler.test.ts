import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { refusalAlarm, setUpChat } from './memory-chat.ts'

const hourMs = 3_600_000
const no = { english: 'no', chinese: '否' }
const textsOf = ({ received }: { received: readonly { text: string }[] }) => received.map(({ text }) => text)
const alertsOf = (robot: Parameters<typeof textsOf>[0]) => textsOf(robot).flatMap((text) => text.split('|'))

describe('createHandler of notify-chat', () => {
  it('sends an alert to every robot once', async () => {
    const { publish, runFor, robots, queue } = setUpChat()
    publish('{"kind":"port_check"}')
    await runFor(hourMs)
    for (const robot of robots) expect(textsOf(robot)).toEqual(['{"kind":"port_check"}'])
    expect(queue.messages).toEqual([])
  })

  it('sends many alerts in few messages, in their order, with the pauses that the robot needs', async () => {
    const { publish, runFor, robots, clock } = setUpChat(['a'])
    const alerts = Array.from({ length: 500 }, (_, index) => `alert-${index}`)
    for (const alert of alerts) {
      clock.ms += 120
      publish(alert)
    }
    await runFor(10 * 60_000)
    const received = robots[0]?.received ?? []
    expect(robots.flatMap(alertsOf)).toEqual(alerts)
    expect(received.length).toBeLessThan(60)
    const pauses = received.slice(1).map(({ atMs }, index) => atMs - (received[index]?.atMs ?? 0))
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(3000)
  })

  it('keeps to the pauses of a robot, and sends each alert once, if two batches are processed at the same time', async () => {
    const { publish, run, runFor, robots } = setUpChat(['a'])
    const alerts = Array.from({ length: 200 }, (_, index) => `alert-${index}`)
    publish(...alerts)
    await Promise.all([run(), run()])
    await Promise.all([run(), run()])
    await runFor(hourMs)
    const received = robots[0]?.received ?? []
    expect(robots.flatMap(alertsOf).toSorted()).toEqual(alerts.toSorted())
    const pauses = received.slice(1).map(({ atMs }, index) => atMs - (received[index]?.atMs ?? 0))
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(3000)
  })

  it.each([
    ['refuses', { outcome: 'refused', reason: no }],
    ['fails', { outcome: 'failed', reason: no }],
    ['is throttled', { outcome: 'throttled', retryAfterMs: 600_000 }],
  ] as const)('neither stops nor doubles the others if a robot %s', async (_, result) => {
    const { publish, runFor, robots, queue } = setUpChat()
    const [, bad] = robots
    if (bad) bad.respond = () => result
    publish('one', 'two')
    await runFor(hourMs)
    expect(robots.map(alertsOf)).toEqual([['one', 'two'], [], ['one', 'two']])
    expect(queue.messages).toHaveLength(2)
    if (bad) bad.respond = () => ({ outcome: 'sent' })
    await runFor(hourMs)
    for (const robot of robots) expect(alertsOf(robot).toSorted()).toEqual(['one', 'two'])
  })

  it('sends nothing while the robot wants a pause, and later alerts after the earlier ones', async () => {
    const { publish, runFor, robots, clock } = setUpChat(['a'])
    const [robot] = robots
    const startMs = clock.ms
    if (robot) robot.respond = () => ({ outcome: 'throttled', retryAfterMs: 600_000 })
    publish('first')
    await runFor(60_000)
    if (robot) robot.respond = () => ({ outcome: 'sent' })
    publish('second')
    await runFor(hourMs)
    expect(robots.flatMap(textsOf)).toEqual(['first|second'])
    expect((robot?.received[0]?.atMs ?? 0) - startMs).toBeGreaterThanOrEqual(600_000)
  })

  it('tries a failing robot after 5 s, doubling to 5 min, and reports it after a quarter of an hour', async () => {
    const { publish, runFor, robots, clock, reportedRobots } = setUpChat(['a'])
    const attempts: number[] = []
    const [robot] = robots
    if (robot)
      robot.respond = () => {
        attempts.push(clock.ms)
        return { outcome: 'failed', reason: no }
      }
    publish('one')
    await runFor(10 * 60_000)
    expect(reportedRobots()).toBe(0)
    await runFor(30 * 60_000)
    expect(reportedRobots()).toBeGreaterThan(2)
    const pauses = attempts.slice(1).map((ms, index) => Math.round((ms - (attempts[index] ?? 0)) / 1000))
    // Two seconds of each are the batching window.
    expect(pauses.slice(0, 8)).toEqual([7, 12, 22, 42, 82, 162, 302, 302])
  })

  it('makes a message a dead letter after its robot refused it for a day', async () => {
    const { publish, runFor, robots, queue, clock } = setUpChat(['a'])
    const startMs = clock.ms
    if (robots[0]) robots[0].respond = () => ({ outcome: 'refused', reason: no })
    publish('one')
    await runFor(48 * hourMs)
    expect(queue.deadLetters).toHaveLength(1)
    expect(clock.ms - startMs).toBeGreaterThan(24 * hourMs)
    expect(clock.ms - startMs).toBeLessThan(26 * hourMs)
  })

  it('sends the alarm about a robot that refuses to the others only, and the rest to all', async () => {
    const { publish, runFor, robots, reportedRobots } = setUpChat()
    const [, bad] = robots
    if (bad) bad.respond = () => ({ outcome: 'refused', reason: no })
    publish('one')
    await runFor(1)
    expect(reportedRobots()).toBe(1)
    const alarm = JSON.stringify({ AlarmName: refusalAlarm, NewStateValue: 'ALARM' })
    const allClear = JSON.stringify({ kind: 'all_clear', alarm: refusalAlarm })
    const other = JSON.stringify({ AlarmName: 'Northbound-drift', NewStateValue: 'ALARM' })
    publish(alarm, allClear, other)
    await runFor(60_000)
    if (bad) bad.respond = () => ({ outcome: 'sent' })
    await runFor(hourMs)
    expect(robots.map(alertsOf)).toEqual([
      ['one', alarm, allClear, other],
      ['one', other],
      ['one', alarm, allClear, other],
    ])
    publish(allClear)
    await runFor(hourMs)
    expect(robots.map((robot) => alertsOf(robot).at(-1))).toEqual([allClear, allClear, allClear])
  })

  it.each([
    ['the secret cannot be read', 'secret'],
    ['the queue takes no messages', 'send'],
  ] as const)('loses nothing while %s', async (_, part) => {
    const { publish, runFor, robots, broken } = setUpChat()
    broken[part] = true
    publish('one')
    await runFor(hourMs)
    broken[part] = false
    await runFor(hourMs)
    expect(robots.map(alertsOf)).toEqual([['one'], ['one'], ['one']])
  })

  it('loses nothing while the states of robots cannot be stored', async () => {
    const { publish, runFor, robots, states } = setUpChat()
    states.broken = true
    publish('one', JSON.stringify({ AlarmName: refusalAlarm }))
    await runFor(hourMs)
    states.broken = false
    await runFor(hourMs)
    expect(robots.map((robot) => alertsOf(robot).length)).toEqual([2, 2, 2])
  })

  it('sends the other alerts although a robot refuses the text of one, which becomes a dead letter', async () => {
    const { publish, runFor, robots, queue } = setUpChat(['a'])
    const alerts = ['bad', ...Array.from({ length: 30 }, (_, index) => `alert-${index}`)]
    for (const robot of robots)
      robot.respond = (text) =>
        text.split('|').includes('bad') ? { outcome: 'refused', reason: no } : { outcome: 'sent' }
    publish(...alerts)
    await runFor(hourMs)
    publish('later')
    await runFor(hourMs)
    expect(robots.flatMap(alertsOf).toSorted()).toEqual([...alerts.slice(1), 'later'].toSorted())
    await runFor(30 * hourMs)
    expect(queue.deadLetters).toHaveLength(1)
    expect(queue.messages).toEqual([])
  })

  it('treats a robot that throws as failing, and stores nothing of its URL', async () => {
    const { publish, runFor, robots, states } = setUpChat(['a'])
    const [robot] = robots
    if (robot)
      robot.respond = () => {
        throw new Error('https://example.com/?key=SECRET')
      }
    publish('one')
    await runFor(10_000)
    expect(states.troubles.get('a')).toMatchObject({ outcome: 'failed', reason: 'an unexpected error' })
    if (robot) robot.respond = () => ({ outcome: 'sent' })
    await runFor(hourMs)
    expect(robots.flatMap(textsOf)).toEqual(['one'])
  })

  it('gives up a post without a response after 8 s', async () => {
    const { publish, run, robots, states, queue } = setUpChat(['a'])
    if (robots[0]) robots[0].respond = () => new Promise(() => {})
    publish('one')
    await run()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const running = run()
    await vi.advanceTimersByTimeAsync(8000)
    expect(await running).toBe(1)
    expect(states.troubles.get('a')).toMatchObject({ outcome: 'failed', reason: 'no response within 8000 ms' })
    expect(queue.messages).toHaveLength(1)
  })

  it('ends in time although each post takes long', async () => {
    const { publish, run, robots, clock } = setUpChat(['a'])
    const [robot] = robots
    if (robot)
      robot.respond = () => {
        clock.ms += 7000
        return { outcome: 'sent' }
      }
    publish(...Array.from({ length: 50 }, (_, index) => `${index}`))
    await run()
    const startMs = clock.ms
    await run()
    expect(clock.ms - startMs).toBeLessThan(57_000)
  })
})

describe('the test message', () => {
  it('is sent to every robot, and the report says what became of it', async () => {
    const { test, robots, configure } = setUpChat()
    const reason = { english: 'the keyword is missing', chinese: '缺少关键词' }
    if (robots[1]) robots[1].respond = () => ({ outcome: 'refused', reason })
    const problem = { english: 'feishu[0] has no URL', chinese: 'feishu[0] 没有 URL' }
    configure({ robots, language: 'en', problems: [problem] })
    expect(await test()).toEqual({
      secret: 'configured',
      problems: [problem.english],
      problems_zh: [problem.chinese],
      robots: [
        { robot: 'a', service: 'wecom', outcome: 'sent' },
        { robot: 'b', service: 'wecom', outcome: 'refused', reason: reason.english, reason_zh: reason.chinese },
        { robot: 'c', service: 'wecom', outcome: 'sent' },
      ],
    })
  })

  it('does not wait for the pause of a robot that refused before, and clears its refusal', async () => {
    const { test, publish, runFor, robots, states } = setUpChat(['a'])
    const [robot] = robots
    if (robot) robot.respond = () => ({ outcome: 'refused', reason: no })
    publish('one')
    await runFor(1)
    if (robot) robot.respond = () => ({ outcome: 'sent' })
    expect(await test()).toMatchObject({ robots: [{ outcome: 'sent' }] })
    expect(states.troubles.get('a')).toBeUndefined()
  })

  it('reports a secret without robots, and one that cannot be used', async () => {
    const { test, configure, broken } = setUpChat()
    configure(undefined)
    expect(await test()).toEqual({ secret: 'not_configured', problems: [], problems_zh: [], robots: [] })
    broken.secret = true
    expect(await test()).toEqual({
      secret: 'unavailable',
      problems: ['the secret was not read'],
      problems_zh: ['未能读取 secret'],
      robots: [],
    })
  })

  it('is the only request besides messages of the queue', async () => {
    const { dependencies } = setUpChat()
    const { createHandler } = await import('../../../../lambdas/notify-chat/handler.ts')
    const { lambdaContext } = await import('../../../support/api-gateway.ts')
    const request: object = { test: 'yes' }
    await expect(createHandler(dependencies)(request as { test: true }, lambdaContext)).rejects.toThrow('{"test":true}')
  })
})
