import type { RobotFault, RobotSettings, ServiceName } from '@northbound/chat-simulator'
import { describe, expect, it } from 'vitest'
import { dingtalk } from '../../../../adapters/chat/dingtalk.ts'
import { feishu } from '../../../../adapters/chat/feishu.ts'
import { wecom } from '../../../../adapters/chat/wecom.ts'
import type { SendResult } from '../../../../core/ports/chat-robots.ts'
import { expectChinese } from '../../../support/chinese-text.ts'
import { connect, send, services, setUpChat } from './robot-setup.ts'

const setup = setUpChat()

describe.each(services)('a robot of %s', (service) => {
  it('delivers the text as it is', async () => {
    const simulated = setup.chat.addRobot(service)
    const text = '【告警】AVD prod：端口告警\n"box-01" \\ ＠all 😀'
    expect(await send(setup.connect(simulated), text)).toEqual({ outcome: 'sent' })
    expect(simulated.messages.map((message) => message.text)).toEqual([text])
  })

  it('is refused with a wrong token', async () => {
    const simulated = setup.chat.addRobot(service)
    const url = simulated.url.replace(simulated.token, 'wr0ng')
    const result = await send(setup.connect({ service, url }))
    expect(result).toMatchObject({ outcome: 'refused', reason: { english: expect.stringMatching(/token|key/) } })
    expect(JSON.stringify(result)).not.toContain('wr0ng')
  })

  it('has a stable id that reveals nothing of the URL', () => {
    const simulated = setup.chat.addRobot(service)
    const { id } = setup.connect(simulated)
    expect(id).toMatch(/^[0-9a-f]{12}$/)
    expect(setup.connect(simulated, 'another secret').id).toBe(id)
    expect(simulated.url).not.toContain(id)
    expect(setup.connect(setup.chat.addRobot(service)).id).not.toBe(id)
  })

  it('accepts a message of the maximum length', async () => {
    const simulated = setup.chat.addRobot(service)
    const robot = setup.connect(simulated)
    // Line ends need two bytes in JSON.
    const text = `${'端口告警 box-01\n'.repeat(robot.maxBytes)}`
    expect(
      await send(
        robot,
        Buffer.from(text)
          .subarray(0, robot.maxBytes - 3)
          .toString('utf8'),
      ),
    ).toEqual({
      outcome: 'sent',
    })
    expect(simulated.messages).toHaveLength(1)
  })
})

describe.each(['dingtalk', 'feishu'] as const)('a robot of %s with a signature', (service) => {
  it('is accepted with the right secret', async () => {
    const simulated = setup.chat.addRobot(service, { secret: 'SECdemo+/=' })
    expect(await send(setup.connect(simulated, 'SECdemo+/='))).toEqual({ outcome: 'sent' })
  })

  it.each([
    ['another secret', 'SECother'],
    ['no secret', undefined],
  ])('is refused with %s', async (_what, secret) => {
    const simulated = setup.chat.addRobot(service, { secret: 'SECdemo' })
    const result = await send(setup.connect(simulated, secret))
    expect(result).toMatchObject({ outcome: 'refused', reason: { english: expect.stringContaining('signature') } })
    expect(JSON.stringify(result)).not.toMatch(/SEC/)
  })

  it('is refused if the clocks differ by more than an hour', async () => {
    const simulated = setup.chat.addRobot(service, { secret: 'SECdemo' })
    const hourMs = 3_600_000
    for (const [difference, outcome] of [
      [-2 * hourMs, 'refused'],
      [2 * hourMs, 'refused'],
      [hourMs / 2, 'sent'],
    ] as const) {
      const robot = connect(simulated, { secret: 'SECdemo', clock: () => setup.time.now + difference })
      expect(await send(robot)).toMatchObject({ outcome })
    }
  })
})

describe('a robot that does not accept a message', () => {
  it.each<[ServiceName, RobotSettings, RegExp]>([
    ['dingtalk', { keywords: ['房间'] }, /keyword/],
    ['feishu', { keywords: ['房间'] }, /keyword/],
    ['dingtalk', { allowedAddresses: ['203.0.113.1'] }, /IP address/],
    ['feishu', { allowedAddresses: ['203.0.113.1'] }, /IP address/],
  ])('of %s reports that its settings %j refuse it', async (service, settings, reason) => {
    const simulated = setup.chat.addRobot(service, settings)
    expect(await send(setup.connect(simulated))).toMatchObject({
      outcome: 'refused',
      reason: { english: expect.stringMatching(reason), chinese: expect.stringMatching(/关键词|IP 地址/) },
    })
    expect(simulated.messages).toEqual([])
  })

  it.each<[ServiceName, RobotFault, SendResult]>([
    ['wecom', 'removed', refused('the key is wrong, or the robot was removed (code 93000)')],
    ['wecom', 'disabled', refused('the robot was disabled (code 93004)')],
    ['wecom', 'busy', failed('WeCom is busy (code -1)')],
    ['wecom', { errcode: 40058, errmsg: 'x' }, refused('the message is not accepted (code 40058)')],
    ['wecom', { errcode: '0' }, { outcome: 'sent' }],
    ['dingtalk', 'removed', refused('the robot was removed (code 400106)')],
    ['dingtalk', 'disabled', refused('the robot was disabled (code 400102)')],
    ['dingtalk', 'busy', failed('DingTalk is busy (code -1)')],
    ['dingtalk', { errcode: 400013, errmsg: 'x' }, refused('the group was dissolved (code 400013)')],
    ['dingtalk', { errcode: 300001, errmsg: 'x' }, refused('the access token is wrong (code 300001)')],
    [
      'dingtalk',
      { errcode: 430102, errmsg: 'x' },
      refused('the message contains a text that is not allowed (code 430102)'),
    ],
    ['feishu', 'removed', refused('the token is wrong, or the robot was removed (code 19001)')],
    ['feishu', 'busy', failed('Feishu is busy (code 2200)')],
    ['feishu', { code: 9499, msg: 'Bad Request' }, refused('the request is not accepted (code 9499)')],
    ['feishu', { StatusCode: 0, StatusMessage: 'success', Extra: null }, { outcome: 'sent' }],
    [
      'feishu',
      { StatusCode: 19001, StatusMessage: 'x' },
      refused('the token is wrong, or the robot was removed (code 19001)'),
    ],
  ])('of %s responds to %j with its documented meaning', async (service, fault, result) => {
    const simulated = setup.chat.addRobot(service)
    simulated.fault = fault
    expect(await send(setup.connect(simulated))).toEqual(result)
  })

  it.each(services)(
    'of %s is refused with a code that is not known, without the text of the response',
    async (service) => {
      const simulated = setup.chat.addRobot(service)
      simulated.fault = { errcode: 12345, code: 12345, errmsg: simulated.token, msg: simulated.token }
      expect(await send(setup.connect(simulated))).toEqual(refused('the service responded with code 12345'))
    },
  )

  it.each(services)('of %s has failed if the response has no code of the service', async (service) => {
    const simulated = setup.chat.addRobot(service)
    for (const fault of [
      {},
      { errcode: null, code: null },
      { errcode: 'ok', code: 'ok' },
      { errcode: 0.5, code: 0.5 },
    ]) {
      simulated.fault = fault
      expect(await send(setup.connect(simulated))).toEqual(failed('HTTP 200 without a response code'))
    }
  })
})

it.each([
  ['WeCom', wecom],
  ['DingTalk', dingtalk],
  ['Feishu', feishu],
])('the reasons of %s have a Chinese text without English sentences', (_name, { meanings }) => {
  const reasons = [...meanings.values()].flatMap((meaning) => (meaning.kind === 'throttled' ? [] : [meaning.reason]))
  expect(reasons).not.toEqual([])
  for (const reason of reasons) expectChinese(reason)
})

function refused(english: string): SendResult {
  return { outcome: 'refused', reason: { english, chinese: expect.stringMatching(/\p{Script=Han}/u) } }
}

function failed(english: string): SendResult {
  return { outcome: 'failed', reason: { english, chinese: expect.stringMatching(/\p{Script=Han}/u) } }
}
