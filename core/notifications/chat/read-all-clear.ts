import { z } from 'zod'
import { titleOfAlarm } from '../alarm-titles.ts'
import { type Bilingual, timeFact } from '../alert-text.ts'
import { clearTexts } from '../all-clear.ts'
import { sweepAlertKinds } from '../sweep-alerts.ts'
import type { ChatAlert, ChatContext } from './chat-alert.ts'
import { toPlainValue } from './plain-text.ts'

const maxNameLength = 100

const time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))

const schema = z.object({
  kind: z.literal('all_clear'),
  /** What is over: the kind of an alert of sweeps, or the name of an alarm. */
  alert: z.string().optional(),
  alarm: z.string().optional(),
  /** The media server that an alert about ports was about. */
  box_code: z.string().optional(),
  since: time.optional(),
  /** When it was over. */
  at: time.optional(),
})

/** Reads an all-clear; undefined if the message is none. @param publishedAt ms since 1970. */
export function readAllClear(value: unknown, publishedAt: number, context: ChatContext): ChatAlert | undefined {
  const { data } = schema.safeParse(value)
  if (data === undefined) return undefined
  const { at = publishedAt } = data
  const title = titleOf(data, context.installation)
  const zones = { chinese: context.timeZone, english: context.timeZone }
  return {
    level: 'clear',
    at,
    text: {
      title,
      summary: title,
      facts: [
        ...(data.box_code === undefined ? [] : [describeBox(data.box_code)]),
        ...(data.since === undefined
          ? []
          : [timeFact({ chinese: '告警时间', english: 'Alert sent' }, data.since, zones)]),
        timeFact({ chinese: '恢复时间', english: 'Recovered' }, at, zones),
      ],
    },
  }
}

/** The platform does not report that a port is reachable again; it is inferred from silence. */
const portWarningsOver: Bilingual = {
  chinese: '媒体服务器不再有新的端口告警',
  english: 'no further port warnings of the media server',
}

function describeBox(boxCode: string): Bilingual {
  const shown = toPlainValue(boxCode, maxNameLength)
  return { chinese: `媒体服务器：${shown}`, english: `Media server: ${shown}` }
}

function titleOf({ alert, alarm }: z.output<typeof schema>, installation: string): Bilingual {
  const kind = sweepAlertKinds.find((candidate) => candidate === alert)
  if (kind !== undefined) return clearTexts[kind]
  if (alert === 'port_check') return portWarningsOver
  const name = toPlainValue(alarm ?? alert ?? '?', maxNameLength)
  return titleOfClearedAlarm(titleOfAlarm(name, installation))
}

/** The title of an alarm that is over. */
export function titleOfClearedAlarm({ chinese, english }: Bilingual): Bilingual {
  return { chinese: `已解除：${chinese}`, english: `over: ${english}` }
}
