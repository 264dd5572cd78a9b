import { type CodeMeaning, type RobotService, readCode } from './robot-service.ts'
import { signForDingtalk } from './signature.ts'

const tenMinutesMs = 600_000
/** An address that sends too much is banned for five minutes. */
const banMs = 300_000

/** https://open.dingtalk.com/document/robots/custom-robot-access */
const meanings: ReadonlyMap<number, CodeMeaning> = new Map<number, CodeMeaning>([
  [-1, { kind: 'failed', reason: 'DingTalk is busy' }],
  [130101, { kind: 'throttled' }],
  [410100, { kind: 'throttled' }],
  [660026, { kind: 'throttled' }],
  [90018, { kind: 'throttled', pauseMs: 60_000 }],
  // The quota of a day.
  [90030, { kind: 'throttled', pauseMs: 3_600_000 }],
  [300001, { kind: 'refused', reason: 'the access token is wrong' }],
  [300005, { kind: 'refused', reason: 'the access token is wrong' }],
  [310000, { kind: 'refused', reason: "the robot's security settings reject it: keyword, signature or IP address" }],
  [400013, { kind: 'refused', reason: 'the group was dissolved' }],
  [400101, { kind: 'refused', reason: 'the access token is wrong' }],
  [400102, { kind: 'refused', reason: 'the robot was disabled' }],
  [400106, { kind: 'refused', reason: 'the robot was removed' }],
  [430101, { kind: 'refused', reason: 'the message contains a link that is not allowed' }],
  [430102, { kind: 'refused', reason: 'the message contains a text that is not allowed' }],
  [430104, { kind: 'refused', reason: 'the message contains something that is not allowed' }],
  [460101, { kind: 'refused', reason: 'the message is too long' }],
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
