import type { SQSRecord } from 'aws-lambda'
import { z } from 'zod'
import type { RobotMessage } from '../../core/ports/chat-queue.ts'
import { parseJson } from '../../core/protocol/parse-json.ts'

/** An alert as the topic delivered it. */
export type ReceivedAlert = { readonly record: SQSRecord; readonly alert: string; readonly received_at: number }

/** An alert for one robot. */
export type ReceivedRobotMessage = RobotMessage & { readonly record: SQSRecord }

/** Alerts of the topic have other members. */
const robotMessageSchema = z.strictObject({
  robot: z.string().min(1),
  service: z.enum(['wecom', 'dingtalk', 'feishu']),
  peers: z.array(z.string()),
  alert: z.string(),
  received_at: z.number(),
})

/** Separates alerts of the topic from messages for one robot, which the function itself put on the queue. */
export function decodeMessages(records: readonly SQSRecord[]): {
  readonly alerts: readonly ReceivedAlert[]
  readonly robotMessages: readonly ReceivedRobotMessage[]
} {
  const alerts: ReceivedAlert[] = []
  const robotMessages: ReceivedRobotMessage[] = []
  for (const record of records) {
    const parsed = robotMessageSchema.safeParse(parseJson(record.body))
    if (parsed.success) robotMessages.push({ ...parsed.data, record })
    else alerts.push({ record, alert: record.body, received_at: Number(record.attributes.SentTimestamp) })
  }
  return { alerts, robotMessages }
}
