import type { Bilingual } from '../../core/notifications/alert-text.ts'
import type { ChatService } from '../../core/ports/chat-robots.ts'

/** The address of a robot. The whole URL is a secret: anyone who knows it can post. */
export type Webhook = {
  readonly service: ChatService
  readonly url: URL
  /** The key of the signature; undefined if the robot does not require one. */
  readonly secret: string | undefined
}

type OfficialAddress = {
  readonly hosts: readonly string[]
  /** What the path, and the parameter that holds the token, look like. */
  readonly path: RegExp
  readonly tokenParameter?: string
}

const official: Readonly<Record<ChatService, OfficialAddress>> = {
  wecom: { hosts: ['qyapi.weixin.qq.com'], path: /^\/cgi-bin\/webhook\/send$/, tokenParameter: 'key' },
  dingtalk: { hosts: ['oapi.dingtalk.com'], path: /^\/robot\/send$/, tokenParameter: 'access_token' },
  feishu: { hosts: ['open.feishu.cn', 'open.larksuite.com'], path: /^\/open-apis\/bot\/v2\/hook\/[^/]+$/ },
}

const services = ['wecom', 'dingtalk', 'feishu'] as const satisfies readonly ChatService[]
const loopbackHosts: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]', 'localhost'])

export type WebhookReading =
  | { readonly outcome: 'usable'; readonly service: ChatService; readonly url: URL }
  /** `problem` completes a sentence and contains no part of the URL: `is not an https URL`. */
  | { readonly outcome: 'unusable'; readonly problem: Bilingual }

/**
 * Reads the URL of a robot (docs/contract.md, section 7). Only https and the hosts of the services are accepted, and the
 * hosts in `chatHosts`. Plain http is accepted for a loopback host in `chatHosts`: the local run's robots have no
 * certificate.
 *
 * @param expected the service it is listed under; undefined if the URL stands alone. An official host decides by itself.
 * @param chatHosts lower-case `host`, or `host:port` if the port is not the default one.
 */
export function readWebhookUrl(
  text: string,
  expected: ChatService | undefined,
  chatHosts: readonly string[],
): WebhookReading {
  const url = URL.parse(text)
  if (url === null) return unusable('is not an https URL', '不是 https 地址')
  if (url.username !== '' || url.password !== '')
    return unusable('contains a user name or a password', '含有用户名或密码')
  const isChatHost = chatHosts.includes(url.host)
  const isLocal = isChatHost && loopbackHosts.has(url.hostname)
  if (url.protocol !== 'https:' && !(isLocal && url.protocol === 'http:'))
    return unusable('is not an https URL', '不是 https 地址')
  const owner = services.find((service) => official[service].hosts.includes(url.host))
  if (owner === undefined && !isChatHost)
    return unusable('is not on a host of WeCom, DingTalk or Feishu', '的主机不属于企业微信、钉钉或飞书')
  const service = owner ?? expected ?? services.find((candidate) => official[candidate].path.test(url.pathname))
  if (service === undefined)
    return unusable('does not show whether it belongs to WeCom, DingTalk or Feishu', '看不出属于企业微信、钉钉还是飞书')
  if (owner !== undefined && !isRobotAddress(url, official[owner]))
    return unusable('is not the address of a group robot', '不是群机器人的地址')
  return { outcome: 'usable', service, url: withoutSignature(url) }
}

function unusable(english: string, chinese: string): WebhookReading {
  return { outcome: 'unusable', problem: { english, chinese } }
}

function isRobotAddress(url: URL, { path, tokenParameter }: OfficialAddress): boolean {
  return path.test(url.pathname) && (tokenParameter === undefined || Boolean(url.searchParams.get(tokenParameter)))
}

/** A copied URL may still contain an old signature. */
function withoutSignature(url: URL): URL {
  const bare = new URL(url)
  bare.hash = ''
  bare.searchParams.delete('timestamp')
  bare.searchParams.delete('sign')
  return bare
}
