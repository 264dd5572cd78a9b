import {
  type ServiceName,
  type SimulatedChat,
  type SimulatedRobot,
  startSimulatedChat,
} from '@northbound/chat-simulator'
import { afterEach, beforeEach } from 'vitest'
import { createChatRobot } from '../../../../adapters/chat/robot.ts'
import type { ChatRobot, SendResult } from '../../../../core/ports/chat-robots.ts'

export const services = ['wecom', 'dingtalk', 'feishu'] as const satisfies readonly ServiceName[]

type RobotAddress = Pick<SimulatedRobot, 'service' | 'url'>

/** Far more than a response needs, also on a busy machine. */
const timeoutMs = 10_000

/** Starts the simulated services for each test. Their clock and that of the robots is `time.now`. */
export function setUpChat() {
  const time = { now: Date.parse('2026-11-24T14:05:03Z') }
  const running: { chat?: SimulatedChat } = {}
  beforeEach(async () => {
    time.now = Date.parse('2026-11-24T14:05:03Z')
    running.chat = await startSimulatedChat({ clock: () => time.now })
  })
  afterEach(async () => {
    await running.chat?.stop()
  })
  return {
    time,
    get chat(): SimulatedChat {
      if (running.chat === undefined) throw new Error('the simulated services are not running')
      return running.chat
    },
    connect: (simulated: RobotAddress, secret?: string) => connect(simulated, { secret, clock: () => time.now }),
  }
}

export function connect(
  { service, url }: RobotAddress,
  options: { readonly secret?: string | undefined; readonly timeoutMs?: number; readonly clock?: () => number } = {},
): ChatRobot {
  return createChatRobot({ service, url: new URL(url), secret: options.secret }, { timeoutMs, ...options })
}

export function send(robot: ChatRobot, text = 'AVD 测试'): Promise<SendResult> {
  return robot.send(text, new AbortController().signal)
}
