import { type CodeMeaning, type RobotService, readCode } from './robot-service.ts'

/** https://developer.work.weixin.qq.com/document/path/90313 */
const meanings: ReadonlyMap<number, CodeMeaning> = new Map<number, CodeMeaning>([
  [-1, { kind: 'failed', reason: 'WeCom is busy' }],
  [6000, { kind: 'failed', reason: 'WeCom is busy' }],
  [45009, { kind: 'throttled' }],
  [45033, { kind: 'throttled' }],
  [93000, { kind: 'refused', reason: 'the key is wrong, or the robot was removed' }],
  [93004, { kind: 'refused', reason: 'the robot was disabled' }],
  [93008, { kind: 'refused', reason: 'the robot is not in the group' }],
  [40008, { kind: 'refused', reason: 'the message type is not accepted' }],
  [40058, { kind: 'refused', reason: 'the message is not accepted' }],
  [44004, { kind: 'refused', reason: 'the message is empty' }],
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
