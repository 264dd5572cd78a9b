import { z } from 'zod'
import { parseJson } from '../../protocol/parse-json.ts'
import type { ReaderZones } from '../alert-text.ts'
import { describeCallbacksMissing } from '../callbacks-missing.ts'
import { describeMassDisappearance } from '../mass-disappearance.ts'
import { describeSweepFailing } from '../sweep-failing.ts'
import { describeTestAlert, testAlertKind } from '../test-alert.ts'
import { describeWarning, type SentOptions } from '../warning-texts.ts'
import type { ChatAlert, ChatContext, TopicMessage } from './chat-alert.ts'
import { toPlainText, toPlainValue } from './plain-text.ts'
import { readAlarm } from './read-alarm.ts'
import { readAllClear } from './read-all-clear.ts'

const maxIdLength = 100
const maxReasonLength = 200
const maxListedPorts = 10
/** UTF-16 code units of a message that is not understood. A robot takes at most 20,000 bytes. */
const maxContentLength = 20_000

/**
 * Describes a message of the alert topic: one of ours (docs/contract.md, section 7), an alarm of CloudWatch, or anything else,
 * which is shown as it is.
 */
export function describeAlert(message: TopicMessage, context: ChatContext): ChatAlert {
  const zones = { chinese: context.timeZone, english: context.timeZone }
  const value = parseJson(message.body)
  return (
    readWarning(value, zones) ??
    readSweepAlert(value, message.publishedAt, zones) ??
    readTestAlert(value, zones) ??
    readAllClear(value, message.publishedAt, context) ??
    readAlarm(value, message.publishedAt, context) ??
    readUnknown(message)
  )
}

const time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))
const count = z.number().int().nonnegative()

const warningSchema = z.object({
  kind: z.enum(['port_check', 'warning']),
  box_code: z.string(),
  ports: z.array(z.object({ type: z.string(), port: z.number() })),
  received_at: time,
  suppressed: count.default(0),
  event_type: z.string().optional(),
  ports_omitted: count.default(0),
  options: z.string().optional(),
})

function readWarning(value: unknown, zones: ReaderZones): ChatAlert | undefined {
  const { data } = warningSchema.safeParse(value)
  if (data === undefined) return undefined
  const facts = {
    boxCode: toPlainValue(data.box_code, maxIdLength),
    otherType: data.kind === 'warning' ? toPlainValue(data.event_type ?? '?', maxIdLength) : undefined,
    ports: data.ports.map(({ type, port }) => ({ type: toPlainValue(type, maxIdLength), port })),
    portCount: data.ports.length + data.ports_omitted,
    maxListedPorts,
    sentOptions: data.options === undefined ? undefined : sentOptionsOf(data.options),
    suppressed: data.suppressed,
    at: data.received_at,
  }
  return { level: 'alert', text: describeWarning(facts, zones), at: facts.at }
}

function sentOptionsOf(options: string): SentOptions {
  return { text: toPlainValue(options, maxReasonLength), unreadEntries: undefined }
}

const sweepAlertSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('sweep_failing'), failures: count, reason: z.string(), reason_zh: z.string().optional() }),
  z.object({
    kind: z.literal('callbacks_missing'),
    since: time,
    estimates: count,
    last_callback_at: time.nullish(),
  }),
  z.object({ kind: z.literal('mass_disappearance'), missing: count, present: count, since: time }),
])

function readSweepAlert(value: unknown, publishedAt: number, zones: ReaderZones): ChatAlert | undefined {
  const { data } = sweepAlertSchema.safeParse(value)
  switch (data?.kind) {
    case undefined:
      return undefined
    case 'sweep_failing': {
      const reason = {
        english: toPlainValue(data.reason, maxReasonLength),
        // A message that the version before published has only the English reason.
        chinese: toPlainValue(data.reason_zh ?? data.reason, maxReasonLength),
      }
      const facts = { failures: data.failures, reason, at: publishedAt }
      return { level: 'alert', text: describeSweepFailing(facts, zones), at: publishedAt }
    }
    case 'callbacks_missing': {
      const lastCallbackAt = data.last_callback_at ?? undefined
      const facts = { since: data.since, estimates: data.estimates, lastCallbackAt, at: publishedAt }
      return { level: 'alert', text: describeCallbacksMissing(facts, zones), at: publishedAt }
    }
    case 'mass_disappearance':
      return { level: 'alert', text: describeMassDisappearance(data, zones), at: data.since }
  }
}

const testAlertSchema = z.object({ kind: z.literal(testAlertKind), at: time })

function readTestAlert(value: unknown, zones: ReaderZones): ChatAlert | undefined {
  const { data } = testAlertSchema.safeParse(value)
  return data && { level: 'notice', text: describeTestAlert(data.at, zones), at: data.at }
}

function readUnknown({ body, publishedAt }: TopicMessage): ChatAlert {
  const content = toPlainText(body.slice(0, maxContentLength).toWellFormed())
  const omitted = body.length - maxContentLength
  return {
    level: 'notice',
    at: publishedAt,
    text: {
      title: { chinese: '其他消息', english: 'other message' },
      summary: { chinese: toPlainValue(body, maxReasonLength), english: toPlainValue(body, maxReasonLength) },
      facts: [],
    },
    content: omitted > 0 ? `${content}…（另有 ${omitted} 个字符 / ${omitted} more characters）` : content,
  }
}
