import type { Mention, UserDataKind } from '../../adapters/dynamodb/user-data/found-item.ts'
import type { Text } from '../language.ts'
import { showText } from '../show-text.ts'
import { countItems, type Findings } from './findings.ts'

const kindTexts: Readonly<Record<UserDataKind, Text>> = {
  events: { en: 'events in the log', zh: '日志中的事件' },
  events_of_others: { en: 'other events that name the person', zh: '提到该用户的其他事件' },
  quarantined: { en: 'quarantined messages', zh: '隔离的消息' },
  participants: { en: 'participants (last session in a room)', zh: '参会者记录（各房间的最后一次会话）' },
  past_sessions: { en: 'past sessions', zh: '历史会话' },
  checkpoints: { en: 'checkpoints', zh: '检查点' },
  directory: { en: 'entry in the directory of people', zh: '用户名录中的条目' },
  refused_samples: { en: 'samples of refused callbacks', zh: '被拒回调的示例' },
  sweep_findings: { en: 'findings of sweeps', zh: '核对结果' },
  rooms: { en: 'rooms whose state follows from the presence', zh: '根据该用户在线推断为打开的房间' },
}

/** Six months, as days. */
const minLogDays = 180
const msPerDay = 86_400_000

/** What was found or erased, by kind. Kinds without anything are left out. */
export function describeCounts({ counts }: Pick<Findings, 'counts'>): Text[] {
  return Object.entries(counts).flatMap(([kind, count]) => {
    const text = kindTexts[kind as UserDataKind]
    return count === 0 ? [] : [{ en: `  ${text.en}: ${count}`, zh: `  ${text.zh}：${count}` }]
  })
}

/** What an operator should know before erasing. @param now ms since 1970. */
export function describeWarnings(findings: Findings, now: number): Text[] {
  const recent = findings.receivedAt.filter((at) => at > now - minLogDays * msPerDay).length
  const texts: Text[] = []
  if (countItems(findings) === 0)
    texts.push({ en: 'Nothing is stored about this person.', zh: '没有找到该用户的数据。' })
  if (findings.presentIn.size > 0) {
    const rooms = [...findings.presentIn].map(showText)
    texts.push({
      en: `Warning: the person is in a room right now (${rooms.join(', ')}). What comes later is new data.`,
      zh: `注意：该用户正在房间内（${rooms.join('、')}）。此后产生的数据属于新数据，不会被删除。`,
    })
  }
  if (recent > 0) {
    texts.push({
      en: `Warning: ${recent} events are less than ${minLogDays} days old. Network logs must be kept for at least six months (Cybersecurity Law, article 23): see docs/personal-data.md.`,
      zh: `注意：其中 ${recent} 条事件不满 ${minLogDays} 天。网络日志须留存不少于六个月（《网络安全法》第二十三条），详见 docs/personal-data.zh-CN.md。`,
    })
  }
  return texts
}

const shownMentions = 20

/** Where the id occurs in texts that only a person can judge. */
export function describeMentions({ mentions, mentionCount }: Findings): Text[] {
  if (mentionCount === 0) return []
  const more = mentionCount - Math.min(shownMentions, mentions.length)
  return [
    {
      en: `The id also occurs in ${mentionCount} other places, which are not erased. Decide about them yourself:`,
      zh: `该 ID 还出现在另外 ${mentionCount} 处，这些内容不会被删除，请人工判断：`,
    },
    ...mentions.slice(0, shownMentions).map(describeMention),
    ...(more > 0
      ? [{ en: `  and ${more} more (--json lists up to 1,000)`, zh: `  另有 ${more} 处（--json 最多列出 1,000 处）` }]
      : []),
  ]
}

function describeMention({ room_id, recording_id, event, trace_id, at }: Mention): Text {
  const time = new Date(at).toISOString()
  if (recording_id !== undefined) {
    return {
      en: showText(`  recording ${JSON.stringify(recording_id)} of room ${JSON.stringify(room_id)}, ${time}`),
      zh: showText(`  房间 ${JSON.stringify(room_id)} 的录制 ${JSON.stringify(recording_id)}，${time}`),
    }
  }
  return {
    en: showText(`  event ${event} of room ${JSON.stringify(room_id)}, ${time}, trace_id ${trace_id}`),
    zh: showText(`  房间 ${JSON.stringify(room_id)} 的事件 ${event}，${time}，trace_id ${trace_id}`),
  }
}

/** The copies that no command can reach. */
export const unreachableCopies: readonly Text[] = [
  {
    en: 'point-in-time backups of the tables (35 days) and backups or exports that you made',
    zh: '表的时间点恢复备份（35 天），以及自行创建的备份和导出文件',
  },
  {
    en: 'dead letters (14 days); if they are put back within 25 days, they are dropped',
    zh: '处理失败的事件（死信，14 天）；25 天内重新投递时会被丢弃',
  },
  { en: 'e-mails, text messages and chat messages that were sent', zh: '已发出的邮件、短信和群消息' },
  {
    en: 'CloudWatch logs, which contain trace_id values but no user ids',
    zh: 'CloudWatch 日志（含 trace_id，不含用户 ID）',
  },
  { en: 'what subscribers of the room-event topic have received', zh: '房间事件主题的订阅者已收到的数据' },
  { en: 'the platform itself, and its recordings', zh: '平台自身及其录制文件' },
]
