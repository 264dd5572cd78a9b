import { describe, expect, it } from 'vitest'
import { type ServiceName, SimulatedRobot } from '../../src/simulated-robot.ts'

const startAt = Date.parse('2026-11-24T14:05:03Z')

function bodyOf(service: ServiceName, text: string): Readonly<Record<string, unknown>> {
  return service === 'feishu' ? { msg_type: 'text', content: { text } } : { msgtype: 'text', text: { content: text } }
}

function post(robot: SimulatedRobot, now: number, text = 'AVD') {
  const body = bodyOf(robot.service, text)
  const content = JSON.stringify(body)
  const query = new URLSearchParams()
  return robot.receive({ query, content, body, contentType: 'application/json', address: '127.0.0.1', now })
}

describe('SimulatedRobot', () => {
  it('keeps the messages that reached the group, with their time', () => {
    const robot = new SimulatedRobot('wecom', 'T', 'http://127.0.0.1', {})
    expect(post(robot, startAt, '你好')).toEqual({ errcode: 0, errmsg: 'ok' })
    expect(robot.messages).toEqual([{ service: 'wecom', token: 'T', at: startAt, text: '你好' }])
  })

  it('does not count a refused message towards the limit', () => {
    const robot = new SimulatedRobot('dingtalk', 'T', 'http://127.0.0.1', { keywords: ['AVD'] })
    for (let index = 0; index < 30; index++) expect(post(robot, startAt, 'hello')).toMatchObject({ errcode: 310000 })
    expect(post(robot, startAt)).toMatchObject({ errcode: 0 })
  })

  it('refuses everything for ten minutes on DingTalk, but only until the minute is over on WeCom', () => {
    for (const [service, waitMs] of [
      ['dingtalk', 600_000],
      ['wecom', 60_000],
    ] as const) {
      const robot = new SimulatedRobot(service, 'T', 'http://127.0.0.1', {})
      for (let index = 0; index < 21; index++) post(robot, startAt)
      expect(robot.messages).toHaveLength(20)
      post(robot, startAt + waitMs - 1)
      expect(robot.messages).toHaveLength(20)
      post(robot, startAt + waitMs)
      expect(robot.messages).toHaveLength(21)
    }
  })
})
