import { type Alert, formatClock, toAsciiSubject } from './alert.ts'
import { type AlertText, emailZones, type ReaderZones, renderEmail, timeFact, timeLabel } from './alert-text.ts'
import type { CallbackSilence } from './callback-silence.ts'

/**
 * The alert that people are in rooms but no callback arrives (docs/contract.md, section 5).
 *
 * @param lastCallbackAt ms since 1970; undefined if no callback is known.
 * @param at ms since 1970.
 * @param timeZone IANA time zone of the readers.
 */
export function callbacksMissingAlert(
  { since, estimates }: CallbackSilence,
  lastCallbackAt: number | undefined,
  at: number,
  timeZone: string,
): Alert {
  const facts = { since, estimates, lastCallbackAt, at }
  const text = describeCallbacksMissing(facts, emailZones(timeZone))
  return {
    payload: {
      kind: 'callbacks_missing',
      since: new Date(since).toISOString(),
      estimates,
      last_callback_at: lastCallbackAt === undefined ? null : new Date(lastCallbackAt).toISOString(),
    },
    subject: toAsciiSubject(`[AVD] ${text.summary.english}`),
    email: renderEmail(text),
    sms: `${minutesOf(facts)}分钟未收到回调但房间内有用户 ${formatClock(at, timeZone)}：请检查回调地址、密钥和网络`,
  }
}

export type SilenceFacts = CallbackSilence & {
  /** ms since 1970; undefined if no callback is known. */
  readonly lastCallbackAt: number | undefined
  /** ms since 1970. */
  readonly at: number
}

export function describeCallbacksMissing(facts: SilenceFacts, zones: ReaderZones): AlertText {
  const { estimates, lastCallbackAt, at } = facts
  const minutes = minutesOf(facts)
  return {
    title: { chinese: '回调中断', english: 'callbacks are missing' },
    summary: {
      chinese: `${minutes} 分钟未收到回调，但房间内有用户`,
      english: `No callbacks for ${minutes} minutes although people are in rooms`,
    },
    facts: [
      {
        chinese: `平台的房间列表中有用户，但 ${minutes} 分钟内没有收到任何回调；其间有 ${estimates} 个房间或用户只能根据列表推断。`,
        english: `The platform lists people in rooms, but no callback has arrived for ${minutes} minutes. ${estimates} rooms and participants are known from the list only.`,
      },
      lastCallbackAt === undefined
        ? { chinese: `${lastCallbackLabel.chinese}：无记录`, english: `${lastCallbackLabel.english}: none on record` }
        : timeFact(lastCallbackLabel, lastCallbackAt, zones),
      timeFact(timeLabel, at, zones),
    ],
    impact: {
      chinese: '中断期间，房间和用户的状态由定时核对推断，可能有一两分钟的误差；音视频流、录制和端口告警无法得知。',
      english:
        'Until callbacks arrive again, sweeps infer the state of rooms and participants, a minute or two late. Streams, recordings and port warnings are not known.',
    },
    action: {
      chinese:
        '请检查：管理后台页面填写的回调地址和北向接口校验密钥，平台到回调地址的网络和防火墙，以及是否有回调被拒绝。',
      english:
        'Please check the callback address and the check code key on the back-office pages of media_server and master, the network and firewalls on the way, and whether callbacks are refused.',
    },
    runbookHeading: 'callbacks-missing',
  }
}

const lastCallbackLabel = { chinese: '最近一次回调', english: 'Last callback' }

function minutesOf({ since, at }: Pick<SilenceFacts, 'since' | 'at'>): number {
  return Math.floor((at - since) / 60_000)
}
