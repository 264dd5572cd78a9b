import type { Text } from '../language.ts'
import { showText } from '../show-text.ts'
import { inLanguage, type Terminal } from '../terminal.ts'
import type { Census } from './census.ts'
import { encodePosition } from './position.ts'
import type { ReplayResult } from './publish-again.ts'

export type ReplayReport = {
  readonly census: Census
  /** Undefined for a dry run. */
  readonly result: ReplayResult | undefined
}

/** The position to continue with; null if the replay is complete. */
export function positionToContinue(result: ReplayResult | undefined): string | null {
  if (result?.failure === undefined || result.position === undefined) return null
  return encodePosition(result.position)
}

/** The result for programs. */
export function toJson({ census, result }: ReplayReport) {
  return {
    dry_run: result === undefined,
    selected: census.selected,
    events: census.events(),
    closes: census.closes,
    unpublished: census.unpublished,
    sources: census.sources().length,
    published: result?.published ?? 0,
    position: positionToContinue(result),
  }
}

/** The result for people. */
export function toLines(terminal: Pick<Terminal, 'language'>, { census, result }: ReplayReport): string[] {
  const { selected, closes, unpublished } = census
  const sources = census.sources().length
  const position = positionToContinue(result)
  const all: readonly (Text | false)[] = [
    result === undefined && {
      en: `${selected} events of ${sources} rooms and media servers would be published again`,
      zh: `将重新发布 ${sources} 个房间和媒体服务器的 ${selected} 个事件`,
    },
    result !== undefined && {
      en: `${result.published} messages published again, for ${selected} events of ${sources} rooms and media servers`,
      zh: `已重新发布 ${result.published} 条消息，对应 ${sources} 个房间和媒体服务器的 ${selected} 个事件`,
    },
    closes > 0 && {
      en: `with a session_ended for each session that one of ${closes} closes ended`,
      zh: `其中 ${closes} 次 close 结束的每个会话各有一条 session_ended`,
    },
    unpublished > 0 && {
      en: `${unpublished} logged events are no room events: they were never applied, or are probes`,
      zh: `${unpublished} 个日志事件不属于房间事件：从未生效，或为探测事件`,
    },
    position !== null && {
      en: `not complete: continue with the same command and --after ${position}`,
      zh: `尚未完成：请用相同的命令加 --after ${position} 继续`,
    },
  ]
  return [
    ...Object.entries(census.events()).map(([event, count]) => `${String(count).padStart(7)}  ${showText(event)}`),
    ...all.filter((text) => text !== false).map((text) => inLanguage(terminal, text)),
  ]
}
