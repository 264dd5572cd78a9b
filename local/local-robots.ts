import { randomBytes } from 'node:crypto'
import { type ReceivedMessage, type SimulatedChat, startSimulatedChat } from '@northbound/chat-simulator'
import { readSettingsFile } from '../lib/settings-file.ts'
import type { LocalOptions } from './local-options.ts'

/** The simulated group robots of a local run. */
export interface LocalRobots {
  readonly chat: SimulatedChat
  /** The value of the setting `chatHosts`: the stack accepts only robots of known hosts. */
  readonly chatHosts: string
  /** The value of the chat secret. */
  readonly secret: object
}

/**
 * Starts a robot of each service if the settings switch group robots on, and prints the messages that they get.
 *
 * @returns undefined if group robots are off, or if the run uses an existing assembly, which has its settings already.
 */
export async function startRobots(
  { assembly, log }: Pick<LocalOptions, 'assembly' | 'log'>,
  context: Readonly<Record<string, string>>,
): Promise<LocalRobots | undefined> {
  const given = { ...readSettingsFile(process.env.NORTHBOUND_SETTINGS_FILE), ...context }
  if (assembly !== undefined || String(given.chat) !== 'true') return undefined
  const chat = await startSimulatedChat({ onMessage: (message) => formatMessage(message).forEach(print) })
  function print(line: string): void {
    log?.(line)
  }
  const key = () => randomBytes(24).toString('hex')
  const wecom = chat.addRobot('wecom')
  // DingTalk demands a security setting, so this one has two.
  const dingtalk = { secret: `SEC${key()}`, keywords: ['AVD'] }
  const feishu = { secret: key() }
  return {
    chat,
    chatHosts: [given.chatHosts ?? [], chat.host].flat().join(','),
    secret: {
      wecom: [wecom.url],
      dingtalk: [{ url: chat.addRobot('dingtalk', dingtalk).url, secret: dingtalk.secret }],
      feishu: [{ url: chat.addRobot('feishu', feishu).url, secret: feishu.secret }],
      language: 'both',
    },
  }
}

/** Like the e-mails that the runner prints. */
function formatMessage({ service, text }: ReceivedMessage): string[] {
  return [`${service.toUpperCase()} robot:`, ...text.split('\n').map((line) => `  | ${line}`)]
}
