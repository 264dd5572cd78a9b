import { buildApp } from 'fauxqs'
import type { AwsCall, AwsResponse, AwsService } from '../endpoint/aws-call.ts'
import { snsPermissions, sqsPermissions } from './messaging-permissions.ts'
import { oldestMessageOf } from './oldest-message.ts'

export interface Messaging {
  readonly sqs: AwsService
  readonly sns: AwsService
  /** When the oldest message of a queue was sent, in epoch milliseconds; undefined of an empty queue. */
  oldestMessage(queueName: string): Promise<number | undefined>
  /** From now on, who publishes to the topic needs the key as well. @param keyArn of KMS. */
  encryptTopic(topicArn: string, keyArn: string): void
  /** Ends the long polls that are waiting. */
  close(): Promise<void>
}

/** SQS and SNS in this process: nothing of them listens on a port. */
export function startMessaging(): Messaging {
  const app = buildApp({ logger: false })
  const oldestMessage = oldestMessageOf(app)
  const topicKeys = new Map<string, string>()
  const handle = async (call: AwsCall): Promise<AwsResponse> => {
    const answered = await app.inject({
      method: 'POST',
      url: '/',
      headers: {
        'content-type': call.headers['content-type'] ?? '',
        'x-amz-target': String(call.headers['x-amz-target'] ?? ''),
        authorization: call.headers.authorization ?? '',
      },
      payload: call.body,
    })
    const headers = Object.entries(answered.headers).filter(([name]) => returnedHeaders.has(name))
    return {
      status: answered.statusCode,
      headers: Object.fromEntries(headers.map(([name, value]) => [name, String(value)])),
      body: namingQueues.has(call.action) ? atCallersAddress(answered.payload, call) : answered.payload,
    }
  }
  return {
    sqs: { permissions: sqsPermissions, handle },
    sns: { permissions: (call) => snsPermissions(call, topicKeys), handle },
    oldestMessage,
    encryptTopic(topicArn, keyArn) {
      topicKeys.set(topicArn, keyArn)
    },
    close: () => app.close(),
  }
}

const returnedHeaders = new Set(['content-type', 'x-amzn-query-error', 'x-amzn-requestid', 'x-amz-request-id'])

const namingQueues = new Set(['CreateQueue', 'GetQueueUrl', 'ListQueues'])

/** The emulator gives queues a host name of its own, at which nobody listens. */
function atCallersAddress(payload: string, { headers }: AwsCall): string {
  return payload.replaceAll(/http:\/\/sqs\.[^/"]*/g, `http://${headers.host ?? '127.0.0.1'}`)
}
