import { type SimulatedRobot, startSimulatedChat } from '@northbound/chat-simulator'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createChatRobot } from '../../../../adapters/chat/robot.ts'
import { createComposer } from '../../../../lambdas/notify-chat/compose.ts'
import { setUpChat } from './memory-chat.ts'

const startedAt = Date.parse('2026-11-24T14:05:03Z')
const alertCount = 500
const minuteMs = 60_000

describe('500 alerts in a minute', () => {
  const clock = { ms: startedAt }
  let simulated: Awaited<ReturnType<typeof startSimulatedChat>>
  beforeEach(async () => {
    clock.ms = startedAt
    simulated = await startSimulatedChat({ clock: () => clock.ms })
  })
  afterEach(() => simulated.stop())

  /** Sends an alert about a media server of its own every 120 ms, to a robot of each service. */
  async function sendBurst() {
    const all = [
      simulated.addRobot('wecom'),
      simulated.addRobot('dingtalk', { secret: 'SECdemo', keywords: ['AVD'] }),
      simulated.addRobot('feishu', { secret: 'demo' }),
    ]
    const context = { installation: 'Northbound', timeZone: 'Asia/Shanghai', consoleUrl: 'https://a.example/console' }
    const chat = setUpChat(
      [],
      clock,
      createComposer(context, () => clock.ms),
    )
    const robots = all.map(({ service, url, settings: { secret } }) =>
      createChatRobot({ service, url: new URL(url), secret }, { timeoutMs: 10_000, clock: () => clock.ms }),
    )
    chat.configure({ robots, language: 'zh', problems: [] })
    for (let index = 0; index < alertCount; index++) {
      const at = startedAt + index * (minuteMs / alertCount)
      chat.queue.put(portCheckOf(boxOf(index), at), at)
    }
    await chat.runFor(20 * minuteMs)
    return { ...chat, all }
  }

  const boxesIn = ({ messages }: SimulatedRobot) =>
    messages.flatMap(({ text }) => [...text.matchAll(/box-\d{3}/g)].map(([box]) => box))

  it('arrive in every group, each once and in order, without one refusal of the services', async () => {
    const { all, queue } = await sendBurst()
    const boxes = Array.from({ length: alertCount }, (_, index) => boxOf(index))
    for (const robot of all) {
      expect(boxesIn(robot), robot.service).toEqual(boxes)
      expect(robot.replies, robot.service).toHaveLength(robot.messages.length)
    }
    expect(queue.messages).toEqual([])
    expect(queue.deadLetters).toEqual([])
  })

  it('arrive within two minutes, as few digests that count them by kind', async () => {
    const { all } = await sendBurst()
    for (const { service, messages } of all) {
      const lastAt = messages.at(-1)?.at ?? Number.POSITIVE_INFINITY
      expect(lastAt - startedAt, service).toBeLessThan(2 * minuteMs)
      expect(messages.length, service).toBeLessThan(40)
      const digests = messages.filter(({ text }) => /^【汇总】AVD Northbound：共 \d+ 条消息/.test(text))
      expect(digests.length, service).toBeGreaterThan(messages.length / 2)
      expect(digests[0]?.text, service).toMatch(/\n端口告警 \d+\n/)
    }
  })
})

function boxOf(index: number): string {
  return `box-${String(index).padStart(3, '0')}`
}

function portCheckOf(box_code: string, at: number): string {
  return JSON.stringify({
    kind: 'port_check',
    box_code,
    ports: [{ type: 'tcp', port: 8088 }],
    trace_id: 't',
    received_at: new Date(at).toISOString(),
    suppressed: 0,
  })
}
