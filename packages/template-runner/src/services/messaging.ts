import { buildApp } from 'fauxqs'
import type { AwsCall, AwsResponse, AwsService } from '../endpoint/aws-call.ts'
import { snsPermissions, sqsPermissions } from './messaging-permissions.ts'
import { createOldestMessageReader } from './oldest-message.ts'

export interface Messaging {
  readonly sqs: AwsService
  readonly sns: AwsService
  /** Returns when the oldest message of a queue was sent, in epoch milliseconds; undefined if the queue is empty. */
  readOldestSentAtMs(queueName: string): Promise<number | undefined>
  /** Makes publishing to the topic require the use of a KMS key. */
  encryptTopic(topicArn: string, keyArn: string): void
  /** Ends all waiting long polls. */
  close(): Promise<void>
}

/** Starts SQS and SNS inside this process. They do not listen on a port. */
export function startMessaging(): Messaging {
  const app = buildApp({ logger: false })
  const readOldestSentAtMs = createOldestMessageReader(app)
  const topicKeys = new Map<string, string>()
  const handle = async (call: AwsCall): Promise<AwsResponse> => {
    const response = await app.inject({
      method: 'POST',
      url: '/',
      headers: {
        'content-type': call.headers['content-type'] ?? '',
        'x-amz-target': String(call.headers['x-amz-target'] ?? ''),
        authorization: call.headers.authorization ?? '',
      },
      payload: call.body,
    })
    const headers = Object.entries(response.headers).filter(([name]) => returnedHeaders.has(name))
    return {
      status: response.statusCode,
      headers: Object.fromEntries(headers.map(([name, value]) => [name, String(value)])),
      body: actionsReturningUrls.has(call.action) ? replaceQueueHost(response.payload, call) : response.payload,
    }
  }
  return {
    sqs: { permissions: sqsPermissions, handle },
    sns: { permissions: (call) => snsPermissions(call, topicKeys), handle },
    readOldestSentAtMs,
    encryptTopic(topicArn, keyArn) {
      topicKeys.set(topicArn, keyArn)
    },
    close: () => app.close(),
  }
}

const returnedHeaders = new Set(['content-type', 'x-amzn-query-error', 'x-amzn-requestid', 'x-amz-request-id'])

const actionsReturningUrls = new Set(['CreateQueue', 'GetQueueUrl', 'ListQueues'])

/** Replaces the host of queue URLs, which does not exist, by the host that the caller used. */
function replaceQueueHost(payload: string, { headers }: AwsCall): string {
  return payload.replaceAll(/http:\/\/sqs\.[^/"]*/g, `http://${headers.host ?? '127.0.0.1'}`)
}
