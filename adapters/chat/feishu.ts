import type { ServiceResponse } from './post-json.ts'
import { type CodeMeaning, failed, type RobotService, readCode, refused } from './robot-service.ts'
import { signForFeishu } from './signature.ts'

/** https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot */
const meanings: ReadonlyMap<number, CodeMeaning> = new Map<number, CodeMeaning>([
  [2200, failed('Feishu is busy', '飞书繁忙')],
  [11232, { kind: 'throttled' }],
  [11233, { kind: 'throttled' }],
  [99991400, { kind: 'throttled' }],
  [9499, { kind: 'throttled' }],
  [19001, refused('the token is wrong, or the robot was removed', '地址中的 token 不正确，或机器人已被删除')],
  [19002, refused('the message is not accepted', '不接受该消息')],
  [
    19021,
    refused('the signature is wrong, or the time differs by more than an hour', '签名不正确，或时间相差超过一小时'),
  ],
  [19022, refused('the IP address is not allowed', '不允许该 IP 地址')],
  [19024, refused("the message contains none of the robot's keywords", '消息中没有机器人要求的关键词')],
])

/**
 * Custom bots of Feishu and Lark: 100 messages a minute and 5 a second; a request of 20 KB, of which the JSON around the
 * text needs a part.
 */
export const feishu: RobotService = {
  maxBytes: 18_000,
  minIntervalMs: 700,
  pauseMs: 60_000,
  meanings,
  buildRequest({ url, secret }, text, now) {
    const timestamp = Math.floor(now / 1000)
    const signature =
      secret === undefined ? {} : { timestamp: String(timestamp), sign: signForFeishu(secret, timestamp) }
    return { url, body: { ...signature, msg_type: 'text', content: { text } } }
  },
  codeOf,
  // The code of a throttled request is also that of a malformed one; only the message tells them apart.
  interpretSpecial: (fields) =>
    codeOf(fields) === 9499 && /bad request/i.test(String(fields.msg ?? fields.StatusMessage))
      ? {
          outcome: 'refused',
          reason: { english: 'the request is not accepted (code 9499)', chinese: '不接受该请求（代码 9499）' },
        }
      : undefined,
}

/** Some responses still have only the old field `StatusCode`. */
function codeOf({ code, StatusCode }: ServiceResponse['fields']): number | undefined {
  return readCode(code ?? StatusCode)
}
