import type { MassDisappearance } from '../reconciliation/mass-disappearance.ts'
import {
  type Alert,
  bilingualEmail,
  formatClock,
  formatWallClock,
  maxSmsLength,
  toAsciiSubject,
  truncate,
} from './alert.ts'

/**
 * The alert about a sweep that did not find most of the installation (docs/contract.md, section 5).
 *
 * @param timeZone IANA time zone of the readers.
 */
export function massDisappearanceAlert(
  { missing, present, since }: Pick<MassDisappearance, 'missing' | 'present' | 'since'>,
  timeZone: string,
): Alert {
  return {
    payload: { kind: 'mass_disappearance', missing, present, since: new Date(since).toISOString() },
    subject: toAsciiSubject(`[AVD] ${missing} of ${present} rooms and participants disappeared`),
    email: bilingualEmail(
      [
        '叁体 AVD 大量房间和用户从房间列表中消失',
        '',
        `已记录的 ${present} 个房间和在场用户中，有 ${missing} 个不在平台的房间列表中。列表可能有误，或媒体服务器崩溃。`,
        '如果列表仍不包含它们，3 分钟后（期间仍有它们的事件时为 7 分钟后）将按离开处理。',
        `时间：${formatWallClock(since, timeZone)}（${timeZone}）`,
        '处理方法见 docs/runbook.md#mass-disappearance。',
      ],
      [
        '3TEE AVD rooms and participants are missing from the room list',
        '',
        `${missing} of ${present} open rooms and present participants are not in the platform's room list. The list may be wrong, or a`,
        'media server may have crashed. If they stay missing, they count as gone after 3 minutes, or after 7 if events about them',
        'still arrive.',
        `Time: ${formatWallClock(since, 'UTC')} (UTC)`,
        'See docs/runbook.md#mass-disappearance.',
      ],
    ),
    sms: truncate(`平台列表缺少${missing}/${present}个房间和用户 ${formatClock(since, timeZone)}`, maxSmsLength),
  }
}
