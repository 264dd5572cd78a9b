import { isDeepStrictEqual } from 'node:util'
import { nameLeaveReason, nameRecordingStatus } from '../../core/presentation/wire-words.ts'
import type { ProjectionContent } from '../../core/projection/find-difference.ts'
import type { ReportedContent, ReportedDifference } from '../../core/projection/rebuild-response.ts'
import type { StatefulAggregateId } from '../../core/state/aggregate.ts'
import type { State } from '../../core/state/fold.ts'
import type { Text } from '../language.ts'
import { showText } from '../show-text.ts'
import { inLanguage, type Terminal } from '../terminal.ts'

/** Describes a difference in words: what it is about, what the state says, and what the log says. */
export function describeDifference(terminal: Pick<Terminal, 'language'>, difference: ReportedDifference): string[] {
  const say = (text: Text) => inLanguage(terminal, text)
  const { aggregate, stored, folded } = difference
  const [inState, inLog] = [describeContent(stored), describeContent(folded)]
  const details = inState.en === inLog.en ? [differingFields(stored, folded)] : []
  return [
    say(describeAggregate(aggregate)),
    `  ${say({ en: 'the state says: ', zh: '状态：' })}${say(inState)}`,
    `  ${say({ en: 'the log says:   ', zh: '日志：' })}${say(inLog)}`,
    ...details.map((detail) => `  ${say(detail)}`),
  ].map(showText)
}

function describeAggregate(aggregate: StatefulAggregateId): Text {
  switch (aggregate.kind) {
    case 'room':
      return { en: `room ${aggregate.room_id}`, zh: `房间 ${aggregate.room_id}` }
    case 'participant':
      return {
        en: `user ${aggregate.user_id} in room ${aggregate.room_id}`,
        zh: `房间 ${aggregate.room_id} 中的用户 ${aggregate.user_id}`,
      }
    case 'recording':
      return {
        en: `recording ${aggregate.recording_id} in room ${aggregate.room_id}`,
        zh: `房间 ${aggregate.room_id} 的录制 ${aggregate.recording_id}`,
      }
    case 'box':
      return { en: `media server ${aggregate.box_code}`, zh: `媒体服务器 ${aggregate.box_code}` }
  }
}

function describeContent(content: ReportedContent): Text {
  if (isOmitted(content))
    return {
      en: `too large to show (${content.omitted_bytes} bytes)`,
      zh: `内容过大，未显示（${content.omitted_bytes} 字节）`,
    }
  const { state, past_entries } = content
  const now = describeState(state)
  const past = past_entries.length
  return past === 0 ? now : { en: `${now.en}; ${past} earlier ones`, zh: `${now.zh}；此前 ${past} 条` }
}

function describeState(state: State | null): Text {
  switch (state?.kind) {
    case undefined:
      return { en: 'nothing', zh: '无记录' }
    case 'room': {
      const at = state.status === 'open' ? state.opened_at : state.closed_at
      return state.status === 'open'
        ? { en: `open since ${timeText(at)}`, zh: `自 ${timeText(at)} 起打开` }
        : { en: `closed at ${timeText(at)}`, zh: `于 ${timeText(at)} 关闭` }
    }
    case 'participant': {
      const { session } = state
      if (session === null) return { en: 'never present', zh: '从未在线' }
      const joined = timeText(session.joined_at)
      if (session.end === null) return { en: `present since ${joined}`, zh: `自 ${joined} 起在线` }
      const { at, reason } = session.end
      return {
        en: `present from ${joined} to ${timeText(at)} (${nameLeaveReason(reason, 'en')})`,
        zh: `${joined} 加入，${timeText(at)} 离开（${nameLeaveReason(reason, 'zh')}）`,
      }
    }
    case 'recording': {
      const start = state.start_time ?? timeText(state.first_event_at)
      return {
        en: `${nameRecordingStatus(state.status, 'en')}, begun at ${start}`,
        zh: `${nameRecordingStatus(state.status, 'zh')}，开始于 ${start}`,
      }
    }
    case 'box': {
      const { last_warning_at, alerts_sent, alerts_suppressed } = state
      return {
        en: `last warning at ${timeText(last_warning_at)}, ${alerts_sent} alerts sent, ${alerts_suppressed} suppressed`,
        zh: `最近一次告警 ${timeText(last_warning_at)}，已发送 ${alerts_sent} 次，未单独通知 ${alerts_suppressed} 次`,
      }
    }
  }
}

/** Names what differs if the words are the same. */
function differingFields(stored: ReportedContent, folded: ReportedContent): Text {
  if (isOmitted(stored) || isOmitted(folded)) return { en: 'they differ', zh: '两者不同' }
  if (stored.fold_version !== folded.fold_version)
    return {
      en: `the state was folded by rules of version ${stored.fold_version}, now ${folded.fold_version}`,
      zh: `状态由版本 ${stored.fold_version} 的规则计算，现为版本 ${folded.fold_version}`,
    }
  const [one, other] = [entriesOf(stored), entriesOf(folded)]
  const names = [...new Set([...one.keys(), ...other.keys()])].filter(
    (name) => !isDeepStrictEqual(one.get(name), other.get(name)),
  )
  return { en: `they differ in ${names.join(', ')}`, zh: `不同之处：${names.join('、')}` }
}

function entriesOf({ state, past_entries }: ProjectionContent): Map<string, unknown> {
  return new Map(Object.entries({ ...state, past_entries }))
}

function isOmitted(content: ReportedContent): content is { readonly omitted_bytes: number } {
  return 'omitted_bytes' in content
}

function timeText(at: number | null): string {
  return at === null ? '?' : new Date(at).toISOString()
}
