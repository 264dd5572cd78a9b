import type { Text } from '../language.ts'
import { inLanguage, type Terminal } from '../terminal.ts'
import type { Findings } from './findings.ts'
import { describeCounts, describeMentions, describeWarnings, unreachableCopies } from './texts.ts'

export function previewLines(findings: Findings, now: number): Text[] {
  const counts = describeCounts(findings)
  return [
    ...(counts.length === 0 ? [] : [{ en: 'Found:', zh: '找到：' }, ...counts]),
    ...describeWarnings(findings, now),
    ...describeMentions(findings),
  ]
}

export interface Erasure {
  /** All that was erased. */
  readonly erased: Findings
  /** What the last search found. */
  readonly last: Findings
  readonly caller: string
  readonly hash: string
  /** ms */
  readonly at: number
}

/** The result of the command, as JSON and as lines. */
export function reportErasure(terminal: Pick<Terminal, 'language'>, erasure: Erasure) {
  const { erased, last, caller, hash, at } = erasure
  const say = (text: Text) => inLanguage(terminal, text)
  const audit = { caller, hash, erased_at: new Date(at).toISOString() }
  const found = { ...last, counts: erased.counts }
  const json = { dry_run: false, ...audit, ...toJson(found), new_events: last.laterEvents }
  return {
    json: { ...json, not_reached: unreachableCopies.map(say) },
    lines: resultLines(erased, last, audit).map(say),
  }
}

/** What was done before the command was stopped. */
export function interruptedLines(erased: Findings): Text[] {
  return [
    { en: 'Erased so far:', zh: '目前已删除：' },
    ...describeCounts(erased),
    { en: 'Not finished: execute the same command again.', zh: '尚未完成：请再次执行同一命令。' },
  ]
}

function resultLines(
  erased: Findings,
  last: Findings,
  { caller, hash, erased_at }: { readonly caller: string; readonly hash: string; readonly erased_at: string },
): Text[] {
  return [
    { en: 'Erased:', zh: '已删除：' },
    ...describeCounts(erased),
    { en: 'A second search found nothing.', zh: '复查未发现任何残留数据。' },
    ...(last.laterEvents === 0
      ? []
      : [
          {
            en: `${last.laterEvents} events came later; they are new data and stay.`,
            zh: `此后又收到 ${last.laterEvents} 条事件，属于新数据，予以保留。`,
          },
        ]),
    ...describeMentions(last),
    { en: 'Not reached:', zh: '无法触及的副本：' },
    ...unreachableCopies.map(({ en, zh }) => ({ en: `  ${en}`, zh: `  ${zh}` })),
    { en: `Audit: ${erased_at}, ${caller}, ${hash}`, zh: `审计记录：${erased_at}，${caller}，${hash}` },
  ]
}

export function toJson({ counts, mentions, mentionCount, presentIn }: Findings) {
  return {
    counts,
    mentions: mentions.map(({ at, ...mention }) => ({ ...mention, at: new Date(at).toISOString() })),
    mention_count: mentionCount,
    present_in: [...presentIn],
  }
}
