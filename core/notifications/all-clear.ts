import { type Alert, bilingualEmail, formatClock, formatWallClock, toAsciiSubject } from './alert.ts'
import type { SweepAlertKind } from './sweep-alerts.ts'

export type ClearText = { readonly chinese: string; readonly english: string; readonly subject: string }

export const clearTexts: Readonly<Record<SweepAlertKind, ClearText>> = {
  sweep_failing: {
    chinese: '与平台核对已恢复',
    english: 'Reconciliation with the platform works again',
    subject: 'Reconciliation works again',
  },
  callbacks_missing: {
    chinese: '已重新收到平台回调',
    english: 'Callbacks of the platform arrive again',
    subject: 'Callbacks arrive again',
  },
  mass_disappearance: {
    chinese: '大量房间和用户从房间列表中消失的情况已结束',
    english: "The mass disappearance from the platform's room list is over",
    subject: 'Mass disappearance is over',
  },
}

/**
 * The message that what an alert reported is over (docs/contract.md, section 7).
 *
 * @param since ms since 1970: when the alert was sent.
 * @param at ms since 1970.
 * @param timeZone IANA time zone of the readers.
 */
export function allClear(kind: SweepAlertKind, since: number, at: number, timeZone: string): Alert {
  const { chinese, english, subject } = clearTexts[kind]
  return {
    payload: { kind: 'all_clear', alert: kind, since: new Date(since).toISOString() },
    subject: toAsciiSubject(`[AVD] All clear: ${subject}`),
    email: bilingualEmail(
      [
        `叁体 AVD 告警解除：${chinese}`,
        '',
        `告警时间：${formatWallClock(since, timeZone)}（${timeZone}）`,
        `解除时间：${formatWallClock(at, timeZone)}（${timeZone}）`,
      ],
      [
        `3TEE AVD all clear: ${english}`,
        '',
        `Alert sent: ${formatWallClock(since, 'UTC')} (UTC)`,
        `All clear: ${formatWallClock(at, 'UTC')} (UTC)`,
      ],
    ),
    sms: `告警解除 ${formatClock(at, timeZone)}：${chinese}`,
  }
}
