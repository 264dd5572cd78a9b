import { createHmac, randomUUID } from 'node:crypto'
import {
  hasKeyword,
  isAddressAllowed,
  type RobotReply,
  type RobotRequest,
  type RobotRules,
  type RobotSettings,
  textAt,
} from './robot-rules.ts'

const maxBytes = 20_000
const hourMs = 3_600_000
const help = 'more: [https://ding-doc.dingtalk.com/doc#/serverapi2/qf2nxq]'

function reply(errcode: number, errmsg: string): RobotReply {
  return { errcode, errmsg }
}

/** https://open.dingtalk.com/document/robots/custom-robot-access */
export const dingtalkRules: RobotRules = {
  addressOf: (token) => `/robot/send?access_token=${token}`,
  tokenOf: ({ pathname, searchParams }) =>
    pathname === '/robot/send' ? (searchParams.get('access_token') ?? '') : undefined,
  limits: [{ maxMessages: 20, windowMs: 60_000, banMs: 600_000 }],
  accepted: reply(0, 'ok'),
  unknownToken: reply(300005, 'token is not exist'),
  refusal: (cause) =>
    cause === 'removed'
      ? reply(400106, '机器人不存在')
      : cause === 'disabled'
        ? reply(400102, '机器人已停用')
        : reply(-1, '系统繁忙'),
  throttled: () => ({
    status: 1111,
    wait: 5,
    source: 'x5',
    punish: 'deny',
    uuid: randomUUID(),
    ...reply(130101, 'send too fast, exceed 20 times per minute'),
  }),
  check(request, settings) {
    if (!/^application\/json\b/i.test(request.contentType))
      return { reply: reply(43004, '无效的HTTP HEADER Content-Type') }
    if (request.body === undefined) return { reply: reply(40035, '缺少参数 json') }
    const problem = findSecurityProblem(request, settings)
    if (problem !== undefined) return { reply: reply(310000, `${problem}, ${help}`) }
    if (textAt(request.body, 'msgtype') !== 'text') return { reply: reply(400105, '不支持的消息类型') }
    const text = textAt(request.body, 'text', 'content') ?? ''
    if (text === '') return { reply: reply(40035, '缺少参数 content') }
    if (Buffer.byteLength(request.content) > maxBytes) return { reply: reply(460101, 'message too long') }
    if (!hasKeyword(text, settings)) return { reply: reply(310000, `keywords not in content, ${help}`) }
    return { text }
  },
}

function findSecurityProblem(request: RobotRequest, settings: RobotSettings): string | undefined {
  if (!isAddressAllowed(request, settings)) return `ip ${request.address} not in whitelist`
  const { secret } = settings
  if (secret === undefined) return undefined
  const timestamp = request.query.get('timestamp') ?? ''
  if (!/^\d{13}$/.test(timestamp) || Math.abs(request.now - Number(timestamp)) > hourMs) return 'invalid timestamp'
  const signature = createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64')
  return request.query.get('sign') === signature ? undefined : 'sign not match'
}
