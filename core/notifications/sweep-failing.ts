import {
  type Alert,
  bilingualEmail,
  formatClock,
  formatWallClock,
  maxSmsLength,
  toAsciiSubject,
  toPrintable,
  truncate,
} from './alert.ts'

const maxReasonLength = 500

/**
 * The alert about several failed sweeps in a row (docs/contract.md, section 5).
 *
 * @param reason why the last sweep failed, without secrets.
 * @param at ms since 1970.
 * @param timeZone IANA time zone of the readers.
 */
export function sweepFailingAlert(failures: number, reason: string, at: number, timeZone: string): Alert {
  const lastReason = truncate(toPrintable(reason), maxReasonLength)
  return {
    payload: { kind: 'sweep_failing', failures, reason: lastReason },
    subject: toAsciiSubject(`[AVD] Reconciliation failing: ${failures} sweeps in a row`),
    email: bilingualEmail(
      [
        '叁体 AVD 房间状态核对失败',
        '',
        `连续 ${failures} 次未能从平台获取可信的房间列表。恢复之前，媒体服务器崩溃后残留的房间和用户得不到修正。`,
        `最近一次的原因：${lastReason}`,
        `时间：${formatWallClock(at, timeZone)}（${timeZone}）`,
      ],
      [
        '3TEE AVD reconciliation is failing',
        '',
        `The last ${failures} sweeps did not get a reliable room list from the platform. Until a sweep succeeds, rooms and`,
        'participants left open by a crashed media server are not corrected.',
        `Last reason: ${lastReason}`,
        `Time: ${formatWallClock(at, 'UTC')} (UTC)`,
      ],
    ),
    sms: truncate(`与平台核对连续${failures}次失败 ${formatClock(at, timeZone)}：${lastReason}`, maxSmsLength),
  }
}
