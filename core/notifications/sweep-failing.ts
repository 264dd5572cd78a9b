import { type Alert, formatClock, maxSmsLength, toAsciiSubject, toPrintable, truncate } from './alert.ts'
import {
  type AlertText,
  type Bilingual,
  emailZones,
  type ReaderZones,
  renderEmail,
  timeFact,
  timeLabel,
} from './alert-text.ts'

const maxReasonLength = 500

/**
 * The alert about several failed sweeps in a row (docs/contract.md, section 5).
 *
 * @param reason why the last sweep failed, without secrets.
 * @param at ms since 1970.
 * @param timeZone IANA time zone of the readers.
 */
export function sweepFailingAlert(failures: number, reason: Bilingual, at: number, timeZone: string): Alert {
  const lastReason = {
    english: truncate(toPrintable(reason.english), maxReasonLength),
    chinese: truncate(toPrintable(reason.chinese), maxReasonLength),
  }
  const text = describeSweepFailing({ failures, reason: lastReason, at }, emailZones(timeZone))
  return {
    payload: { kind: 'sweep_failing', failures, reason: lastReason.english, reason_zh: lastReason.chinese },
    subject: toAsciiSubject(`[AVD] ${text.summary.english}`),
    email: renderEmail(text),
    sms: truncate(`与平台核对连续${failures}次失败 ${formatClock(at, timeZone)}：${lastReason.chinese}`, maxSmsLength),
  }
}

export type SweepFailingFacts = {
  /** Number of failed sweeps in a row. */
  readonly failures: number
  /** Printable. */
  readonly reason: Bilingual
  /** ms since 1970. */
  readonly at: number
}

export function describeSweepFailing({ failures, reason, at }: SweepFailingFacts, zones: ReaderZones): AlertText {
  return {
    title: { chinese: '与平台核对持续失败', english: 'reconciling with the platform keeps failing' },
    summary: {
      chinese: `与平台核对连续 ${failures} 次失败`,
      english: `Reconciliation failing: ${failures} sweeps in a row`,
    },
    facts: [
      {
        chinese: `连续 ${failures} 次未能从平台获取可信的房间列表。`,
        english: `The last ${failures} sweeps did not get a reliable room list from the platform.`,
      },
      { chinese: `最近一次失败的原因：${reason.chinese}`, english: `Last reason: ${reason.english}` },
      timeFact(timeLabel, at, zones),
    ],
    impact: {
      chinese: '恢复之前，媒体服务器崩溃后残留的房间和用户得不到修正。',
      english: 'Until a sweep succeeds, rooms and participants left open by a crashed media server are not corrected.',
    },
    action: {
      chinese: '请根据上述原因检查平台的地址、访问密钥、证书和网络。',
      english: 'Please check the address, the access key, the certificate and the network, depending on the reason.',
    },
    runbookHeading: 'sweeps-failing',
  }
}
