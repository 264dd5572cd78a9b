import { z } from 'zod'
import { titleOfAlarm } from '../alarm-titles.ts'
import { type Bilingual, type ReaderZones, timeFact } from '../alert-text.ts'
import { clearTexts } from '../all-clear.ts'
import { sweepAlertKinds } from '../sweep-alerts.ts'
import { describeWarningsEnded } from '../warnings-ended.ts'
import type { ChatAlert, ChatContext } from './chat-alert.ts'
import { toPlainValue } from './plain-text.ts'

/** CloudWatch allows 255 characters. */
const maxNameLength = 255

const time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))

const schema = z.object({
  kind: z.literal('all_clear'),
  /** What is over: the kind of an alert of sweeps, or the name of an alarm. */
  alert: z.string().optional(),
  alarm: z.string().optional(),
  since: time.optional(),
  /** When it was over. */
  at: time.optional(),
})

const warningsSchema = z.object({
  kind: z.literal('all_clear'),
  alert: z.enum(['port_check', 'warning']),
  box_code: z.string(),
  since: time,
  last_warning_at: time,
  at: time,
})

/** Reads an all-clear; undefined for any other message. @param publishedAt ms since 1970. */
export function readAllClear(value: unknown, publishedAt: number, context: ChatContext): ChatAlert | undefined {
  const zones = { chinese: context.timeZone, english: context.timeZone }
  const warnings = readWarningsEnded(value, zones)
  if (warnings !== undefined) return warnings
  const { data } = schema.safeParse(value)
  if (data === undefined) return undefined
  const { at = publishedAt } = data
  const title = titleOf(data, context.installation)
  return {
    level: 'clear',
    at,
    text: {
      title,
      summary: title,
      facts: [
        ...(data.since === undefined
          ? []
          : [timeFact({ chinese: '告警时间', english: 'Alert sent' }, data.since, zones)]),
        timeFact({ chinese: '恢复时间', english: 'Recovered' }, at, zones),
      ],
    },
  }
}

function readWarningsEnded(value: unknown, zones: ReaderZones): ChatAlert | undefined {
  const { data } = warningsSchema.safeParse(value)
  if (data === undefined) return undefined
  const { alert: kind, box_code, since, last_warning_at: lastWarningAt, at } = data
  const facts = { kind, boxCode: toPlainValue(box_code, maxNameLength), since, lastWarningAt, at }
  return { level: 'clear', at, text: describeWarningsEnded(facts, zones) }
}

function titleOf({ alert, alarm }: z.output<typeof schema>, installation: string): Bilingual {
  const kind = sweepAlertKinds.find((candidate) => candidate === alert)
  if (kind !== undefined) return clearTexts[kind]
  const name = toPlainValue(alarm ?? alert ?? '?', maxNameLength)
  return titleOfClearedAlarm(titleOfAlarm(name, installation))
}

/** The title of an alarm that is over. */
export function titleOfClearedAlarm({ chinese, english }: Bilingual): Bilingual {
  return { chinese: `已解除：${chinese}`, english: `resolved: ${english}` }
}
