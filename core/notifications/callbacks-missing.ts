import { type Alert, bilingualEmail, formatClock, formatWallClock, toAsciiSubject } from './alert.ts'
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
  const minutes = Math.floor((at - since) / 60_000)
  const isKnown = lastCallbackAt !== undefined
  return {
    payload: {
      kind: 'callbacks_missing',
      since: new Date(since).toISOString(),
      estimates,
      last_callback_at: isKnown ? new Date(lastCallbackAt).toISOString() : null,
    },
    subject: toAsciiSubject(`[AVD] No callbacks for ${minutes} minutes although people are in rooms`),
    email: bilingualEmail(
      [
        '叁体 AVD 回调中断',
        '',
        `平台的房间列表中有用户，但 ${minutes} 分钟内没有收到任何回调；其间有 ${estimates} 个房间或用户只能根据列表推断。`,
        `最近一次回调：${isKnown ? `${formatWallClock(lastCallbackAt, timeZone)}（${timeZone}）` : '无记录'}`,
        `时间：${formatWallClock(at, timeZone)}（${timeZone}）`,
        '',
        '中断期间，房间和用户的状态由定时核对推断，可能有一两分钟的误差；音视频流、录制和端口告警无法得知。',
        '请检查：管理后台中的回调地址和校验密钥，平台到本系统的网络和防火墙，以及是否有回调被拒绝。',
        '处理方法见 docs/runbook.md#callbacks-missing。',
      ],
      [
        '3TEE AVD callbacks are missing',
        '',
        `The platform lists people in rooms, but no callback has arrived for ${minutes} minutes. ${estimates} rooms and participants are`,
        'known from the list only.',
        `Last callback: ${isKnown ? `${formatWallClock(lastCallbackAt, 'UTC')} (UTC)` : 'none on record'}`,
        `Time: ${formatWallClock(at, 'UTC')} (UTC)`,
        '',
        'Until callbacks arrive again, sweeps infer the state of rooms and participants, a minute or two late. Streams, recordings and port',
        'warnings are not known.',
        "Please check the callback address and the check code key in the platform's back office, the network and firewalls on the way, and",
        'whether callbacks are refused. See docs/runbook.md#callbacks-missing.',
      ],
    ),
    sms: `${minutes}分钟未收到回调但房间内有用户 ${formatClock(at, timeZone)}：请检查回调地址、密钥和网络`,
  }
}
