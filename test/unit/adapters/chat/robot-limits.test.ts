import { describe, expect, it } from 'vitest'
import { buildMessages } from '../../../../core/notifications/chat/digests.ts'
import type { ChatRobot } from '../../../../core/ports/chat-robots.ts'
import { context, describeBody } from '../../core/notifications/chat/topic-messages.ts'
import { send, services, setUpChat } from './robot-setup.ts'

const setup = setUpChat()
const minuteMs = 60_000

async function sendMany(robot: ChatRobot, count: number, intervalMs: number): Promise<string[]> {
  const outcomes: string[] = []
  for (let index = 0; index < count; index++) {
    outcomes.push((await send(robot)).outcome)
    setup.time.now += intervalMs
  }
  return outcomes
}

describe.each(services)('a robot of %s', (service) => {
  it('stays below its limits at its interval', async () => {
    const simulated = setup.chat.addRobot(service)
    const robot = setup.connect(simulated)
    const count = Math.ceil((2 * minuteMs) / robot.minIntervalMs)
    expect(new Set(await sendMany(robot, count, robot.minIntervalMs))).toEqual(new Set(['sent']))
    expect(simulated.messages).toHaveLength(count)
  })

  it('accepts a message of the maximum length, although JSON escapes each of its characters', async () => {
    const robot = setup.connect(setup.chat.addRobot(service))
    const [message] = buildMessages([describeBody('"\\\n'.repeat(10_000))], 'both', context, robot.maxBytes)
    expect(await send(robot, message?.text)).toEqual({ outcome: 'sent' })
  })
})

describe('a robot that receives too many messages', () => {
  it('of WeCom is left alone for a minute after 20 messages in a minute', async () => {
    const robot = setup.connect(setup.chat.addRobot('wecom'))
    expect(new Set(await sendMany(robot, 20, 0))).toEqual(new Set(['sent']))
    expect(await send(robot)).toEqual({ outcome: 'throttled', retryAfterMs: minuteMs })
    setup.time.now += minuteMs
    expect(await send(robot)).toEqual({ outcome: 'sent' })
  })

  it('of DingTalk is left alone for ten minutes after 20 messages in a minute', async () => {
    const robot = setup.connect(setup.chat.addRobot('dingtalk'))
    expect(new Set(await sendMany(robot, 20, 0))).toEqual(new Set(['sent']))
    expect(await send(robot)).toEqual({ outcome: 'throttled', retryAfterMs: 10 * minuteMs })
    setup.time.now += 9 * minuteMs
    expect(await send(robot)).toMatchObject({ outcome: 'throttled' })
    setup.time.now += minuteMs
    expect(await send(robot)).toEqual({ outcome: 'sent' })
  })

  it('of Feishu is left alone after 5 messages in a second, and after 100 in a minute', async () => {
    const robot = setup.connect(setup.chat.addRobot('feishu'))
    expect(await sendMany(robot, 6, 0)).toEqual(['sent', 'sent', 'sent', 'sent', 'sent', 'throttled'])
    setup.time.now += 1000
    expect(new Set(await sendMany(robot, 95, 500))).toEqual(new Set(['sent']))
    expect(await send(robot)).toEqual({ outcome: 'throttled', retryAfterMs: minuteMs })
  })

  it('of DingTalk is left alone for five minutes if the firewall has banned the address', async () => {
    const simulated = setup.chat.addRobot('dingtalk')
    simulated.fault = 'address_banned'
    expect(await send(setup.connect(simulated))).toEqual({ outcome: 'throttled', retryAfterMs: 5 * minuteMs })
  })

  it('of DingTalk is left alone for five minutes if a proxy turned the status of the firewall into a text', async () => {
    const simulated = setup.chat.addRobot('dingtalk')
    simulated.fault = { status: '1111', punish: 'deny' }
    expect(await send(setup.connect(simulated))).toEqual({ outcome: 'throttled', retryAfterMs: 5 * minuteMs })
  })

  it('of DingTalk is left alone for an hour once the messages of the day are used up', async () => {
    const simulated = setup.chat.addRobot('dingtalk')
    simulated.fault = { errcode: 90030, errmsg: 'webhook over limit' }
    expect(await send(setup.connect(simulated))).toEqual({ outcome: 'throttled', retryAfterMs: 60 * minuteMs })
  })
})
