import { allTime, type Period } from '../core/ports/period.ts'
import { usageError } from './cli-error.ts'
import { inLanguage, type Terminal } from './terminal.ts'

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/

/** The descriptions of the options of an interval. */
export function optionsOfPeriod(terminal: Pick<Terminal, 'language'>) {
  return {
    from: inLanguage(terminal, {
      en: 'received at this time or later: ISO 8601 with an offset, such as 2026-11-26T08:00+08:00',
      zh: '接收时间不早于此（含）：带时区的 ISO 8601 时间，例如 2026-11-26T08:00+08:00',
    }),
    to: inLanguage(terminal, { en: 'received before this time', zh: '接收时间早于此（不含）' }),
  }
}

/** Reads a time as ms since 1970. Seconds may be omitted. @throws CliError */
export function readTime(option: '--from' | '--to'): (text: string) => number {
  return (text) => {
    const at = isoTime.test(text) ? Date.parse(text) : Number.NaN
    if (!Number.isNaN(at)) return at
    throw usageError({
      en: `${option} must be an ISO 8601 time with an offset, such as 2026-11-26T08:00:00+08:00, not "${text}"`,
      zh: `${option} 必须是带时区的 ISO 8601 时间，例如 2026-11-26T08:00:00+08:00，而不是“${text}”`,
    })
  }
}

/** @throws CliError if the interval is empty. */
export function toPeriod({
  from = allTime.from,
  to = allTime.to,
}: {
  readonly from?: number | undefined
  readonly to?: number | undefined
}): Period {
  if (from < to) return { from, to }
  throw usageError({ en: '--to must be later than --from', zh: '--to 必须晚于 --from' })
}
