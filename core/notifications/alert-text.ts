import { formatWallClock } from './alert.ts'

export type Bilingual = { readonly chinese: string; readonly english: string }

/** What an alert says to people. E-mails and chat messages are made of it. */
export type AlertText = {
  /** What kind of alert it is. */
  readonly title: Bilingual
  /** What happened, in one line without the time. */
  readonly summary: Bilingual
  /** What happened, in sentences and figures, one a line. */
  readonly facts: readonly Bilingual[]
  /** What it means for users and operators. */
  readonly impact?: Bilingual | undefined
  /** What to do first. */
  readonly action?: Bilingual | undefined
  /** Heading in `docs/runbook.md` and `docs/runbook.zh-CN.md`. */
  readonly runbookHeading?: string | undefined
}

/** The IANA time zones of the readers of each language. */
export type ReaderZones = { readonly chinese: string; readonly english: string }

/** The zones of an e-mail: its English part is also read far away. */
export function emailZones(timeZone: string): ReaderZones {
  return { chinese: timeZone, english: 'UTC' }
}

/** A line that states a time, in the zone of each reader. @param at ms since 1970. */
export function timeFact(label: Bilingual, at: number, zones: ReaderZones): Bilingual {
  return {
    chinese: `${label.chinese}：${formatWallClock(at, zones.chinese)}（${zones.chinese}）`,
    english: `${label.english}: ${formatWallClock(at, zones.english)} (${zones.english})`,
  }
}

export const timeLabel: Bilingual = { chinese: '时间', english: 'Time' }

/** The Chinese text, a line, and the English text. @param footer last lines of the English text. */
export function renderEmail(text: AlertText, footer: readonly string[] = []): string {
  const { title, facts, impact, action, runbookHeading } = text
  const chinese = [
    `叁体 AVD ${title.chinese}`,
    '',
    ...facts.map((fact) => fact.chinese),
    '',
    ...(impact === undefined ? [] : [`影响：${impact.chinese}`]),
    ...(action === undefined ? [] : [action.chinese]),
    ...(runbookHeading === undefined ? [] : [`处理方法见 docs/runbook.zh-CN.md#${runbookHeading}。`]),
  ]
  const english = [
    `3TEE AVD ${title.english}`,
    '',
    ...facts.map((fact) => fact.english),
    '',
    ...(impact === undefined ? [] : [`Impact: ${impact.english}`]),
    ...(action === undefined ? [] : [action.english]),
    ...(runbookHeading === undefined ? [] : [`See docs/runbook.md#${runbookHeading}.`]),
    ...(footer.length > 0 ? ['', ...footer] : []),
  ]
  return `${[...chinese, '', '--------', ...english].join('\n')}\n`
}
