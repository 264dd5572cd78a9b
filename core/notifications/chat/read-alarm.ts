import { z } from 'zod'
import { headingOfAlarm, titleOfAlarm } from '../alarm-titles.ts'
import { type AlertText, type Bilingual, timeFact } from '../alert-text.ts'
import type { ChatAlert, ChatContext, ChatLevel } from './chat-alert.ts'
import { toPlainText, toPlainValue } from './plain-text.ts'
import { titleOfClearedAlarm } from './read-all-clear.ts'

/** CloudWatch allows 255 characters. */
const maxNameLength = 255
const maxReasonLength = 200
/** CloudWatch allows 1,024 characters. */
const maxDescriptionLength = 1024

/** The message that CloudWatch publishes when an alarm changes its state. */
const schema = z.object({
  AlarmName: z.string(),
  AlarmDescription: z.string().nullish(),
  NewStateValue: z.string(),
  NewStateReason: z.string().nullish(),
  /** Such as `2026-11-24T14:05:03.000+0000`. */
  StateChangeTime: z.string().nullish(),
})

/** Reads a CloudWatch alarm; undefined for any other message. @param publishedAt ms since 1970. */
export function readAlarm(value: unknown, publishedAt: number, context: ChatContext): ChatAlert | undefined {
  const { data } = schema.safeParse(value)
  if (data === undefined) return undefined
  const { AlarmName, AlarmDescription, NewStateValue, NewStateReason, StateChangeTime } = data
  const at = readTime(StateChangeTime) ?? publishedAt
  const zones = { chinese: context.timeZone, english: context.timeZone }
  const name = toPlainValue(AlarmName, maxNameLength)
  const title = titleOfState(titleOfAlarm(name, context.installation), NewStateValue)
  const reason = toPlainValue(NewStateReason ?? '', maxReasonLength)
  const level = levels.get(NewStateValue) ?? 'notice'
  const description = readDescription(AlarmDescription ?? '')
  return {
    level,
    at,
    text: {
      title,
      summary: title,
      facts: [
        { chinese: `告警名称：${name}`, english: `Alarm: ${name}` },
        timeFact({ chinese: '状态变化时间', english: 'Since' }, at, zones),
        ...(reason === ''
          ? []
          : [{ chinese: `状态变化原因（CloudWatch 原文）：${reason}`, english: `Reason: ${reason}` }]),
        ...(description.other ?? []),
      ],
      ...(level === 'clear' ? {} : adviceOf(description, AlarmName, context)),
    },
  }
}

/** The runbook describes only the alarms of the installation. */
function adviceOf(
  { impact, runbookHeading }: ReadDescription,
  name: string,
  { installation }: ChatContext,
): Pick<AlertText, 'impact' | 'runbookHeading'> {
  return { impact, runbookHeading: headingOfAlarm(name, installation) && runbookHeading }
}

const levels: ReadonlyMap<string, ChatLevel> = new Map([
  ['ALARM', 'alert'],
  ['OK', 'clear'],
  ['INSUFFICIENT_DATA', 'notice'],
])

function titleOfState(title: Bilingual, state: string): Bilingual {
  if (state === 'ALARM') return title
  if (state === 'OK') return titleOfClearedAlarm(title)
  const shownState = toPlainValue(state, maxNameLength)
  const words = state === 'INSUFFICIENT_DATA' ? { chinese: '数据不足', english: 'insufficient data' } : undefined
  return {
    chinese: `${words?.chinese ?? shownState}：${title.chinese}`,
    english: `${words?.english ?? shownState}: ${title.english}`,
  }
}

type ReadDescription = Pick<AlertText, 'impact' | 'runbookHeading'> & { readonly other?: readonly Bilingual[] }

/** Reads the description that `RunbookAlarm` composes. Any other one is shown as it is. */
function readDescription(description: string): ReadDescription {
  const text = toPlainText(description.slice(0, maxDescriptionLength))
  const match = /^影响：(?<chinese>.*)\nImpact: (?<english>.*)\n.*\n.*#(?<heading>[a-z0-9-]+)$/.exec(text)
  const { chinese, english, heading } = match?.groups ?? {}
  if (chinese !== undefined && english !== undefined) return { impact: { chinese, english }, runbookHeading: heading }
  return text.trim() === '' ? {} : { other: [{ chinese: text, english: text }] }
}

/** @returns ms since 1970; undefined if the text is no time. */
function readTime(text: string | null | undefined): number | undefined {
  const at = Date.parse((text ?? '').replace(/([+-]\d\d)(\d\d)$/, '$1:$2'))
  return Number.isNaN(at) ? undefined : at
}
