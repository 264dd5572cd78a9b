import { type CodeMeaning, failed, type RobotService, readCode, refused } from './robot-service.ts'

/** https://developer.work.weixin.qq.com/document/path/90313 */
const meanings: ReadonlyMap<number, CodeMeaning> = new Map<number, CodeMeaning>([
  [-1, failed('WeCom is busy', '企业微信繁忙')],
  [6000, failed('WeCom is busy', '企业微信繁忙')],
  [45009, { kind: 'throttled' }],
  [45033, { kind: 'throttled' }],
  [93000, refused('the key is wrong, or the robot was removed', 'key 不正确，或机器人已被删除')],
  [93004, refused('the robot was disabled', '机器人已被停用')],
  [93008, refused('the robot is not in the group', '机器人不在群里')],
  [40008, refused('the message type is not accepted', '不接受该消息类型')],
  [40058, refused('the message is not accepted', '不接受该消息')],
  [44004, refused('the message is empty', '消息为空')],
])

/** Group robots of WeCom: 20 messages a minute, texts of 2,048 bytes. They have no signature. */
export const wecom: RobotService = {
  maxBytes: 2_048,
  // 18 a minute: a minute that begins at another moment than WeCom's must not hold 21.
  minIntervalMs: 3_300,
  pauseMs: 60_000,
  meanings,
  buildRequest: ({ url }, text) => ({ url, body: { msgtype: 'text', text: { content: text } } }),
  codeOf: ({ errcode }) => readCode(errcode),
}
