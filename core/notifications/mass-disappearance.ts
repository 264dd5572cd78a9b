import type { MassDisappearance } from '../reconciliation/mass-disappearance.ts'
import { type Alert, formatClock, maxSmsLength, toAsciiSubject, truncate } from './alert.ts'
import { type AlertText, emailZones, type ReaderZones, renderEmail, timeFact, timeLabel } from './alert-text.ts'

export type DisappearanceFacts = Pick<MassDisappearance, 'missing' | 'present' | 'since'>

/**
 * The alert about a sweep that did not find most of the installation (docs/contract.md, section 5).
 *
 * @param timeZone IANA time zone of the readers.
 */
export function massDisappearanceAlert(facts: DisappearanceFacts, timeZone: string): Alert {
  const { missing, present, since } = facts
  const text = describeMassDisappearance(facts, emailZones(timeZone))
  return {
    payload: { kind: 'mass_disappearance', missing, present, since: new Date(since).toISOString() },
    subject: toAsciiSubject(`[AVD] ${text.summary.english}`),
    email: renderEmail(text),
    sms: truncate(`平台列表缺少${missing}/${present}个房间和用户 ${formatClock(since, timeZone)}`, maxSmsLength),
  }
}

export function describeMassDisappearance(
  { missing, present, since }: DisappearanceFacts,
  zones: ReaderZones,
): AlertText {
  return {
    title: {
      chinese: '大量房间和用户从房间列表中消失',
      english: 'rooms and participants are missing from the room list',
    },
    summary: {
      chinese: `平台的房间列表缺少 ${missing}/${present} 个房间和用户`,
      english: `${missing} of ${present} rooms and participants disappeared`,
    },
    facts: [
      {
        chinese: `系统记录的 ${present} 个开放房间和在线用户中，有 ${missing} 个不在平台的房间列表中。可能是列表有误，也可能是媒体服务器崩溃。`,
        english: `${missing} of ${present} open rooms and present participants are not in the platform's room list. The list may be wrong, or a media server may have crashed.`,
      },
      timeFact(timeLabel, since, zones),
    ],
    impact: {
      chinese: '如果它们一直不在列表中，3 分钟后将视为房间已关闭、用户已离开；期间仍收到其事件的，为 7 分钟后。',
      english:
        'If they stay missing, they count as gone after 3 minutes, or after 7 if events about them still arrive.',
    },
    action: {
      chinese: '请确认媒体服务器和平台是否刚刚崩溃或重启。',
      english: 'Please check whether a media server or the platform has crashed or was restarted.',
    },
    runbookHeading: 'mass-disappearance',
  }
}
