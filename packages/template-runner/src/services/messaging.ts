import { buildApp } from 'fauxqs'
import type { AwsCall, AwsResponse, AwsService } from '../endpoint/aws-call.ts'
import { DeadLetterSources } from '../sqs/dead-letter-sources.ts'
import { FairQueue, type QueueDepth } from '../sqs/fair-queue.ts'
import { createFauxqsStores } from '../sqs/fauxqs-stores.ts'
import { MessageMoves } from '../sqs/message-moves.ts'
import { handleWithGroups } from '../sqs/sent-groups.ts'
import { snsPermissions, sqsPermissions } from './messaging-permissions.ts'

export interface Messaging {
  readonly sqs: AwsService
  readonly sns: AwsService
  /** Returns the depth of a queue; undefined if it does not exist. */
  readQueueDepth(queueName: string): QueueDepth | undefined
  /** Number of running tasks that move dead letters. */
  countMessageMoves(): number
  /** Makes publishing to the topic require the use of a KMS key. */
  encryptTopic(topicArn: string, keyArn: string): void
  /** Ends all waiting long polls. */
  close(): Promise<void>
}

/** Default of `noisyGroupDetectionSeconds`: published measurements of SQS saw the delays of quiet groups fall after 200 s. */
const defaultDetectionSeconds = 200

/**
 * Starts SQS and SNS inside this process. They do not listen on a port.
 *
 * @param noisyGroupDetectionSeconds how long a message group takes up too much of a queue before it counts as noisy.
 */
export async function startMessaging(noisyGroupDetectionSeconds = defaultDetectionSeconds): Promise<Messaging> {
  const stores = await createFauxqsStores()
  const fairQueues = new Map<string, FairQueue>()
  const sources = new DeadLetterSources()
  const moves = new MessageMoves(stores.sqsStore, sources)
  const createQueue = stores.sqsStore.createQueue.bind(stores.sqsStore)
  stores.sqsStore.createQueue = (...definition) => {
    const queue = createQueue(...definition)
    fairQueues.set(queue.name, new FairQueue(queue, noisyGroupDetectionSeconds * 1000))
    sources.watch(queue)
    return queue
  }
  const app = buildApp({ logger: false, stores })
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
    sqs: {
      permissions: sqsPermissions,
      handle: async (call) => moves.handle(call) ?? (await handleWithGroups(call, handle)),
    },
    sns: { permissions: (call) => snsPermissions(call, topicKeys), handle },
    readQueueDepth: (queueName) => fairQueues.get(queueName)?.readDepth(),
    countMessageMoves: () => moves.active,
    encryptTopic(topicArn, keyArn) {
      topicKeys.set(topicArn, keyArn)
    },
    close() {
      moves.close()
      return app.close()
    },
  }
}

const returnedHeaders = new Set(['content-type', 'x-amzn-query-error', 'x-amzn-requestid', 'x-amz-request-id'])

const actionsReturningUrls = new Set(['CreateQueue', 'GetQueueUrl', 'ListQueues'])

/** Replaces the host of queue URLs, which does not exist, by the host that the caller used. */
function replaceQueueHost(payload: string, { headers }: AwsCall): string {
  return payload.replaceAll(/http:\/\/sqs\.[^/"]*/g, `http://${headers.host ?? '127.0.0.1'}`)
}
