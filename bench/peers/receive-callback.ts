import { createHmac, timingSafeEqual } from 'node:crypto'
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import middy from '@middy/core'
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { z } from 'zod'

// A straightforward callback function with middy, zod and the SDK client. It does less than ours: form and query string
// only, one key from the environment, and no metric.

const sqs = new SQSClient({})
const queueUrl = process.env.EVENT_QUEUE_URL
const key = process.env.CHECK_CODE_KEY ?? ''

const parametersSchema = z
  .object({
    event: z.string().min(1),
    trace_id: z.string().min(1),
    check_code: z.string().regex(/^[0-9a-f]{64}$/i),
    room_id: z.string().min(1).optional(),
    user_id: z.string().min(1).optional(),
  })
  .catchall(z.string())

export const handler = middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>()
  .handler(async ({ rawQueryString, body, isBase64Encoded, requestContext }) => {
    const form = body === undefined ? '' : Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8').toString()
    const parameters = parametersSchema.parse(Object.fromEntries(new URLSearchParams(`${rawQueryString}&${form}`)))
    const { check_code, ...params } = parameters
    if (!isSigned(params, check_code)) return { statusCode: 401, body: JSON.stringify({ ret: 401, msg: 'check_code' }) }
    const envelope = { trace_id: params.trace_id, received_at: requestContext.timeEpoch, source: 'callback', params }
    await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(envelope) }))
    return { statusCode: 200, body: JSON.stringify({ ret: 0, msg: 'ok' }) }
  })
  .onError((request) => {
    const { error } = request
    request.response =
      error instanceof z.ZodError
        ? { statusCode: 400, body: JSON.stringify({ ret: 400, msg: z.prettifyError(error) }) }
        : { statusCode: 503, body: JSON.stringify({ ret: 503, msg: 'not stored' }) }
  })

function isSigned(params: Record<string, string | undefined>, code: string): boolean {
  const canonical = Object.entries(params)
    .filter(([, value]) => value !== undefined && value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, value]) => value)
    .join('|')
  return timingSafeEqual(createHmac('sha256', key).update(canonical).digest(), Buffer.from(code, 'hex'))
}
