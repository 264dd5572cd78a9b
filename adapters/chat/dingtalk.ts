import { type CodeMeaning, failed, type RobotService, readCode, refused } from './robot-service.ts'
import { signForDingtalk } from './signature.ts'

const tenMinutesMs = 600_000
/** An address that sends too much is banned for five minutes. */
const banMs = 300_000

const securitySettings = refused(
  "the robot's security settings reject it: keyword, signature or IP address",
  '不符合机器人的安全设置：关键词、签名或 IP 地址',
)

/** https://open.dingtalk.com/document/robots/custom-robot-access */
const meanings: ReadonlyMap<number, CodeMeaning> = new Map<number, CodeMeaning>([
  [-1, failed('DingTalk is busy', '钉钉繁忙')],
  [130101, { kind: 'throttled' }],
  [410100, { kind: 'throttled' }],
  [660026, { kind: 'throttled' }],
  [90018, { kind: 'throttled', pauseMs: 60_000 }],
  // The quota of a day.
  [90030, { kind: 'throttled', pauseMs: 3_600_000 }],
  [300001, refused('the access token is wrong', 'access_token 不正确')],
  [300005, refused('the access token is wrong', 'access_token 不正确')],
  [310000, securitySettings],
  [400013, refused('the group was dissolved', '群已解散')],
  [400101, refused('the access token is wrong', 'access_token 不正确')],
  [400102, refused('the robot was disabled', '机器人已被停用')],
  [400106, refused('the robot was removed', '机器人已被删除')],
  [430101, refused('the message contains a link that is not allowed', '消息含有不允许的链接')],
  [430102, refused('the message contains a text that is not allowed', '消息含有不允许的文字')],
  [430104, refused('the message contains something that is not allowed', '消息含有不允许的内容')],
  [460101, refused('the message is too long', '消息过长')],
])

/**
 * Custom robots of DingTalk: 20 messages a minute, beyond that none for ten minutes; 20,000 bytes a request, of which the
 * JSON around the text needs a part.
 */
export const dingtalk: RobotService = {
  maxBytes: 18_000,
  minIntervalMs: 3_300,
  pauseMs: tenMinutesMs,
  meanings,
  buildRequest({ url, secret }, text, now) {
    const signed = new URL(url)
    if (secret !== undefined) {
      signed.searchParams.set('timestamp', String(now))
      signed.searchParams.set('sign', signForDingtalk(secret, now))
    }
    return { url: signed, body: { msgtype: 'text', text: { content: text } } }
  },
  codeOf: ({ errcode }) => readCode(errcode),
  // The firewall bans an address with {"status":1111,"punish":"deny",…}; `errcode` is there only for the robot's own limit.
  interpretSpecial: ({ errcode, status }) =>
    readCode(errcode) === undefined && readCode(status) === 1111
      ? { outcome: 'throttled', retryAfterMs: banMs }
      : undefined,
}
