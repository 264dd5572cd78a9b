import { type Alert, formatWallClock, maxSmsLength, toAsciiSubject, toPrintable, truncate } from './alert.ts'

/**
 * The alert that reconciliation has failed so often in a row that it is no accident (contract, section 5).
 *
 * @param reason of the last failure, without secrets. @param at ms. @param timeZone IANA zone of the readers.
 */
export function sweepFailingAlert(failures: number, reason: string, at: number, timeZone: string): Alert {
  const why = truncate(toPrintable(reason), 500)
  return {
    payload: { kind: 'sweep_failing', failures, reason: why },
    attributes: { kind: 'sweep_failing' },
    subject: toAsciiSubject(`[AVD] Reconciliation failing: ${failures} sweeps in a row`),
    email: `${[
      '叁体 AVD 对账失败',
      '',
      `连续 ${failures} 次无法从平台取得可信的房间列表。在恢复之前, 媒体服务器崩溃后遗留的房间和人员不会被纠正。`,
      `最近一次的原因: ${why}`,
      `时间: ${formatWallClock(at, timeZone)} (${timeZone})`,
      '',
      '--------',
      '3TEE AVD reconciliation is failing',
      '',
      `${failures} times in a row the platform gave no list of rooms that can be believed. Until it does, rooms and`,
      'people that a crashed media server left behind are not corrected.',
      `Last reason: ${why}`,
      `Time: ${formatWallClock(at, 'UTC')} (UTC)`,
    ].join('\n')}\n`,
    sms: truncate(`对账连续${failures}次失败 ${formatWallClock(at, timeZone).slice(11, 16)}: ${why}`, maxSmsLength),
  }
}
