import type { ChatLanguage } from '../../ports/chat-robots.ts'
import { formatClock, formatWallClock } from '../alert.ts'
import type { Bilingual } from '../alert-text.ts'
import { type ChatAlert, type ChatContext, levelNames } from './chat-alert.ts'
import { languagesOf, renderAlert, renderConsoleLink, renderTitle } from './render-chat.ts'
import { countBytes, truncateBytes } from './truncate-bytes.ts'

/** A message to send, and how many of the alerts it covers: they follow those of the message before. */
export type ChatMessage = { readonly text: string; readonly alertCount: number }

/** UTF-8 bytes of an alert's line in a digest, in one language. */
const maxLineBytes = 240
/** UTF-8 bytes of the line that counts the alerts by kind, in one language. */
const maxCountsBytes = 300
const digestMark: Bilingual = { chinese: '汇总', english: 'Digest' }
const cutMark: Bilingual = { chinese: '…（内容过长，已截断）', english: '… (too long, cut here)' }

/**
 * Builds the messages about alerts: one alert in full, several as a digest with one line each. A digest that does not fit
 * into one message continues in the next, so that every alert appears.
 *
 * @param alerts oldest first; that order is kept.
 * @param maxBytes UTF-8 bytes of a message as the content of a JSON string, at least 1,500.
 */
export function buildMessages(
  alerts: readonly ChatAlert[],
  language: ChatLanguage,
  context: ChatContext,
  maxBytes: number,
): readonly ChatMessage[] {
  const [first, second] = alerts
  if (first === undefined) return []
  if (second !== undefined) return buildDigest(alerts, language, context, maxBytes)
  const mark = cutMark[language === 'en' ? 'english' : 'chinese']
  return [{ text: truncateBytes(renderAlert(first, language, context), maxBytes, mark), alertCount: 1 }]
}

function buildDigest(
  alerts: readonly ChatAlert[],
  language: ChatLanguage,
  context: ChatContext,
  maxBytes: number,
): readonly ChatMessage[] {
  const formatTime = timeFormatOf(alerts, context)
  const entries = alerts.map((alert) => renderEntry(alert, language, formatTime(alert.at)))
  // There are at most as many messages as alerts, so no header is longer than this one.
  const maxHeaderBytes = countBytes(renderHeader(alerts, language, context, alerts.length, alerts.length)) + 1
  const maxEntryBytes = Math.max(...entries.map(countBytes)) + 1
  const maxOverviewBytes = maxBytes - maxHeaderBytes - maxEntryBytes - 1
  const overview = truncateBytes(renderOverview(alerts, language, context), maxOverviewBytes, '…')
  const parts = packEntries(entries, maxBytes - maxHeaderBytes, maxBytes - maxHeaderBytes - countBytes(overview) - 1)
  return parts.map((part, index) => ({
    text: [
      renderHeader(alerts, language, context, index + 1, parts.length),
      ...(index === 0 ? [overview] : []),
      ...part,
    ].join('\n'),
    alertCount: part.length,
  }))
}

/** Distributes the entries over messages. @param firstBytes what the first one can hold; all others hold `maxBytes`. */
function packEntries(entries: readonly string[], maxBytes: number, firstBytes: number): string[][] {
  const parts: string[][] = []
  let left = 0
  for (const entry of entries) {
    const bytes = countBytes(entry) + 1
    const part = parts.at(-1)
    if (part === undefined || bytes > left) {
      left = (part === undefined ? firstBytes : maxBytes) - bytes
      parts.push([entry])
    } else {
      left -= bytes
      part.push(entry)
    }
  }
  return parts
}

function renderHeader(
  alerts: readonly ChatAlert[],
  language: ChatLanguage,
  { installation }: ChatContext,
  part: number,
  parts: number,
): string {
  const count = alerts.length
  const title: Bilingual = {
    chinese: `共 ${count} 条消息${parts > 1 ? `（${part}/${parts}）` : ''}`,
    english: `${count} messages${parts > 1 ? ` (${part}/${parts})` : ''}`,
  }
  return languagesOf(language)
    .map((each) => renderTitle(digestMark, title, installation, each))
    .join('\n')
}

/** The time of the alerts, how many there are of each kind, and a link. */
function renderOverview(alerts: readonly ChatAlert[], language: ChatLanguage, context: ChatContext): string {
  const times = alerts.map(({ at }) => at)
  const from = formatWallClock(Math.min(...times), context.timeZone)
  const to = formatWallClock(Math.max(...times), context.timeZone)
  return languagesOf(language)
    .flatMap((each) => [
      each === 'chinese' ? `${from} 至 ${to}（${context.timeZone}）` : `${from} to ${to} (${context.timeZone})`,
      renderCounts(alerts, each),
      ...renderConsoleLink(each, context),
    ])
    .join('\n')
}

function renderCounts(alerts: readonly ChatAlert[], language: keyof Bilingual): string {
  const counts = new Map<string, number>()
  for (const { level, text } of alerts) {
    const kind = level === 'alert' ? text.title[language] : levelNames[level][language]
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }
  const sorted = [...counts].sort(([, a], [, b]) => b - a).map(([kind, count]) => `${kind} ${count}`)
  return truncateBytes(sorted.join(language === 'chinese' ? '，' : ', '), maxCountsBytes, '…')
}

/** @returns the format of the alerts' times: the time of day, with month and day if they are not all of one day. */
function timeFormatOf(alerts: readonly ChatAlert[], { timeZone }: ChatContext): (at: number) => string {
  const days = new Set(alerts.map(({ at }) => formatWallClock(at, timeZone).slice(0, 'yyyy-mm-dd'.length)))
  return days.size === 1
    ? (at) => formatClock(at, timeZone)
    : (at) => formatWallClock(at, timeZone).slice('yyyy-'.length, 'yyyy-mm-dd hh:mm'.length)
}

function renderEntry({ level, text }: ChatAlert, language: ChatLanguage, time: string): string {
  return languagesOf(language)
    .map((each) => {
      const mark = levelNames[level][each]
      const summary = text.summary[each]
      return truncateBytes(
        each === 'chinese' ? `${time} 【${mark}】${summary}` : `${time} [${mark}] ${summary}`,
        maxLineBytes,
        '…',
      )
    })
    .join('\n')
}
