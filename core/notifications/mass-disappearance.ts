import type { MassDisappearance } from '../reconciliation/mass-disappearance.ts'
import { type Alert, formatWallClock, maxSmsLength, toAsciiSubject, truncate } from './alert.ts'

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
    email: `${[
      '叁体 AVD 大量房间和用户从房间列表中消失',
      '',
      `已记录的 ${present} 个房间和在场用户中，有 ${missing} 个不在平台的房间列表中。列表可能有误，或媒体服务器崩溃。`,
      '如果列表仍不包含它们，3 分钟后（期间仍有它们的事件时为 7 分钟后）将按离开处理。',
      `时间：${formatWallClock(since, timeZone)}（${timeZone}）`,
      '',
      '--------',
      'Most rooms and participants are missing from the 3TEE AVD room list',
      '',
      `${missing} of ${present} open rooms and present participants are not in the platform's room list. The list may be wrong, or a`,
      'media server may have crashed. If they stay missing, they count as gone after 3 minutes, or after 7 if events about them',
      'still arrive.',
      `Time: ${formatWallClock(since, 'UTC')} (UTC)`,
    ].join('\n')}\n`,
    sms: truncate(
      `平台列表缺少${missing}/${present}个房间和用户 ${formatWallClock(since, timeZone).slice(11, 16)}`,
      maxSmsLength,
    ),
  }
}

/** The all-clear after a `massDisappearanceAlert`. @param at ms since 1970. */
export function massDisappearanceOverAlert(
  { since }: Pick<MassDisappearance, 'since'>,
  at: number,
  timeZone: string,
): Alert {
  const iso = (time: number) => new Date(time).toISOString()
  return {
    payload: { kind: 'mass_disappearance_over', since: iso(since), at: iso(at) },
    subject: toAsciiSubject('[AVD] The room list and the recorded state largely agree again'),
    email: `${[
      '叁体 AVD 房间列表与记录的状态已基本一致',
      '',
      `自 ${formatWallClock(since, timeZone)} 起缺失的房间和用户已重新出现，或已按离开处理。`,
      `时间：${formatWallClock(at, timeZone)}（${timeZone}）`,
      '',
      '--------',
      'The 3TEE AVD room list and the recorded state largely agree again',
      '',
      `Rooms and participants that were missing since ${formatWallClock(since, 'UTC')} (UTC) are listed again or count as gone.`,
      `Time: ${formatWallClock(at, 'UTC')} (UTC)`,
    ].join('\n')}\n`,
    sms: truncate(`平台列表已恢复一致 ${formatWallClock(at, timeZone).slice(11, 16)}`, maxSmsLength),
  }
}
