import { createHmac } from 'node:crypto'
import {
  hasKeyword,
  isAddressAllowed,
  type RobotReply,
  type RobotRequest,
  type RobotRules,
  type RobotSettings,
  textAt,
} from './robot-rules.ts'

const maxBytes = 20 * 1024
const hourSeconds = 3600
const prefix = '/open-apis/bot/v2/hook/'

function reply(code: number, msg: string): RobotReply {
  return { code, msg, data: {} }
}

/** https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot */
export const feishuRules: RobotRules = {
  addressOf: (token) => `${prefix}${token}`,
  tokenOf: ({ pathname }) => (pathname.startsWith(prefix) ? pathname.slice(prefix.length) : undefined),
  limits: [
    { maxMessages: 100, windowMs: 60_000 },
    { maxMessages: 5, windowMs: 1_000 },
  ],
  accepted: { StatusCode: 0, StatusMessage: 'success', ...reply(0, 'success') },
  unknownToken: reply(19001, 'param invalid: incoming webhook access token invalid'),
  refusal: (cause) =>
    cause === 'busy'
      ? reply(2200, 'internal error')
      : reply(19001, 'param invalid: incoming webhook access token invalid'),
  throttled: (limit) =>
    limit === 0
      ? reply(11232, 'frequency limited psm[lark.oapi.app_platform_runtime]appID[1500]')
      : reply(9499, 'too many request'),
  check(request, settings) {
    if (request.body === undefined || Buffer.byteLength(request.content) > maxBytes)
      return { reply: reply(9499, 'Bad Request') }
    if (!isAddressAllowed(request, settings)) return { reply: reply(19022, 'Ip Not Allowed') }
    if (!isSignatureValid(request, settings))
      return { reply: reply(19021, 'sign match fail or timestamp is not within one hour from current time') }
    if (textAt(request.body, 'msg_type') !== 'text') return { reply: reply(19002, 'param invalid: msg_type') }
    const text = textAt(request.body, 'content', 'text') ?? ''
    if (text === '') return { reply: reply(9499, 'Bad Request: fail to parse content') }
    if (!hasKeyword(text, settings)) return { reply: reply(19024, 'Key Words Not Found') }
    return { text }
  },
}

function isSignatureValid({ body, now }: RobotRequest, { secret }: RobotSettings): boolean {
  if (secret === undefined) return true
  const timestamp = textAt(body, 'timestamp') ?? ''
  if (!/^\d{10}$/.test(timestamp) || Math.abs(now / 1000 - Number(timestamp)) > hourSeconds) return false
  return textAt(body, 'sign') === createHmac('sha256', `${timestamp}\n${secret}`).digest('base64')
}
