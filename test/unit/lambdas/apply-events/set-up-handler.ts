import { Logger } from '@aws-lambda-powertools/logger'
import { Metrics } from '@aws-lambda-powertools/metrics'
import type { SQSEvent } from 'aws-lambda'
import { vi } from 'vitest'
import { memoryEventLog } from '../../../../adapters/memory/event-log.ts'
import { memoryProjectionStore } from '../../../../adapters/memory/projection-store.ts'
import type { CountedCallbacks } from '../../../../core/ports/callback-counter.ts'
import type { DelayedMessage } from '../../../../core/ports/event-queue.ts'
import type { ProjectionStore } from '../../../../core/ports/projection-store.ts'
import type { RefusalCounts } from '../../../../core/ports/refusal-counter.ts'
import type { RefusedSample } from '../../../../core/ports/refused-samples.ts'
import type { CheckCodeKeys, SecretMemory, SecretReader, SecretReading } from '../../../../core/ports/secret-reader.ts'
import type { RoomEventTopic } from '../../../../core/ports/topics.ts'
import { encodeCommand } from '../../../../core/protocol/command.ts'
import { encodeEnvelope } from '../../../../core/protocol/envelope.ts'
import type { EventSource } from '../../../../core/protocol/events.ts'
import type { StatefulAggregateId } from '../../../../core/state/aggregate.ts'
import type { ErasureCache } from '../../../../lambdas/apply-events/erasure-cache.ts'
import { createHandler } from '../../../../lambdas/apply-events/handler.ts'
import { asError } from '../../../../lambdas/as-error.ts'
import { createRefusalSampler } from '../../../../lambdas/sample-refusals.ts'
import { createRefusalTally } from '../../../../lambdas/tally-refusals.ts'
import { redrivenAt as redrivenAtName } from '../../../../names/message-attributes.ts'
import type { RefusalOutcome } from '../../../../names/outcomes.ts'
import { lambdaContext } from '../../../support/api-gateway.ts'
import { rules } from '../../../support/apply.ts'

type EventParams = Record<string, string>

/** Encodes an event as the body of a queue message. */
export function encodeBody(params: EventParams, received_at = 10, source: EventSource = 'callback'): string {
  const trace_id = params.trace_id ?? 't'
  return encodeEnvelope({ trace_id, received_at, source, params })
}

export const joinOf = (user_id: string, more: EventParams = {}) =>
  ({ event: 'join', room_id: 'R', user_id, trace_id: `join-${user_id}`, ...more }) as const

/** Encodes the command to fold an aggregate again. */
export const rebuildOf = (aggregate: StatefulAggregateId) => encodeCommand({ command: 'rebuild', aggregate })

export const maxReceiveCount = 5

/** What distinguishes the receive of a message. Default: the first receive of a message that was never a dead letter. */
type Receive = { readonly receives?: number; readonly redrivenAt?: number }

function createRecord(messageId: string, body: string, receive: Receive): SQSEvent['Records'][number] {
  const { receives = 1, redrivenAt } = receive
  return {
    messageId,
    receiptHandle: `handle-${messageId}`,
    body,
    attributes: {
      ApproximateReceiveCount: String(receives),
      SentTimestamp: '1732444111123',
      SenderId: 'AROAEXAMPLE',
      ApproximateFirstReceiveTimestamp: '1732444111130',
    },
    messageAttributes:
      redrivenAt === undefined ? {} : { [redrivenAtName]: { dataType: 'Number', stringValue: String(redrivenAt) } },
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-central-1:123456789012:events',
    awsRegion: 'eu-central-1',
  }
}

/** Creates the handler over stores in memory. `broken` selects what fails. */
export function setUpHandler(
  broken: {
    quarantine?: true
    counter?: true
    delay?: 'refuse' | 'throw'
    failures?: true
    sample?: true
    tally?: true
    store?: ProjectionStore
    publish?: RoomEventTopic['publish']
    /** @default a reader of the keys below */
    reader?: SecretReader<CheckCodeKeys> & SecretMemory<CheckCodeKeys>
    /** What reading the check-code secret yields, and what reading it again yields. @default no key */
    keys?: () => SecretReading<CheckCodeKeys>
    now?: () => number
    allowUnsigned?: true
    /** @default no one has been erased */
    erasures?: ErasureCache
    refreshedKeys?: () => SecretReading<CheckCodeKeys>
  } & Partial<Pick<ProjectionStore, 'write' | 'markOutdated'>> = {},
) {
  const log = memoryEventLog()
  const store = broken.store ?? memoryProjectionStore()
  const logger = new Logger({ logLevel: 'SILENT' })
  const info = vi.spyOn(logger, 'info')
  const warn = vi.spyOn(logger, 'warn')
  const error = vi.spyOn(logger, 'error')
  const metrics = new Metrics({ namespace: 'test' })
  const addMetric = vi.spyOn(metrics, 'addMetric')
  const added: [callbacks: CountedCallbacks, now: number][] = []
  const delayed: DelayedMessage[] = []
  const failedAt: number[] = []
  const refusals: RefusalOutcome[] = []
  const samples: RefusedSample[] = []
  const tallied: [counts: RefusalCounts, at: number][] = []
  const keyReads: ('read' | 'refresh')[] = []
  const readKeys = broken.keys ?? (() => ({ outcome: 'not_configured' }) as const)
  const fail = () => Promise.reject(new Error('the table does not exist'))
  const handler = createHandler({
    log: broken.quarantine ? { ...log, quarantine: fail } : log,
    store: { ...store, write: broken.write ?? store.write, markOutdated: broken.markOutdated ?? store.markOutdated },
    rules,
    erasures: broken.erasures ?? { read: async () => undefined },
    counter: {
      add: async (callbacks, now) => {
        if (broken.counter) await fail()
        added.push([callbacks, now])
      },
    },
    retries: {
      async delayAll(messages) {
        if (broken.delay === 'throw') await fail()
        delayed.push(...messages)
        return broken.delay === 'refuse' ? messages.map((message) => ({ message, error: new Error('refused') })) : []
      },
    },
    failures: {
      async record(now) {
        if (broken.failures) await fail()
        failedAt.push(now)
      },
    },
    keys: broken.reader ?? {
      async read() {
        keyReads.push('read')
        return readKeys()
      },
      async refresh() {
        keyReads.push('refresh')
        return (broken.refreshedKeys ?? readKeys)()
      },
    },
    allowUnsigned: broken.allowUnsigned ?? false,
    countRefusal: (outcome) => refusals.push(outcome),
    sampleRefusal: createRefusalSampler({
      samples: {
        async put(sample) {
          if (broken.sample) await fail()
          samples.push(sample)
        },
      },
      keys: broken.reader ?? {
        async recall() {
          const reading = readKeys()
          return reading.outcome === 'unreadable' ? undefined : reading
        },
      },
      maxSampleMs: 1_000,
      reportError: (message, thrown) => logger.warn(message, { error: asError(thrown) }),
    }),
    tallyRefusals: createRefusalTally({
      counter: {
        async add(counts, at) {
          if (broken.tally) await fail()
          tallied.push([counts, at])
        },
      },
      maxSaveMs: 1_000,
      reportError: (message, thrown) => logger.warn(message, { error: asError(thrown) }),
    }),
    alerts: { publish: async () => {} },
    openWarnings: { record: async () => {} },
    roomEvents: { publish: broken.publish ?? (async () => new Map()) },
    maxReceiveCount,
    now: broken.now ?? (() => 99),
    logger,
    metrics,
  })
  /** Delivers the messages. @returns the ids of those to retry. */
  async function deliver(...messages: [id: string, body: string, receive?: number | Receive][]): Promise<string[]> {
    const Records = messages.map(([id, body, receive = {}]) =>
      createRecord(id, body, typeof receive === 'number' ? { receives: receive } : receive),
    )
    const { batchItemFailures } = await handler({ Records }, lambdaContext)
    return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)
  }
  async function readParticipant(user_id: string) {
    const [projection] = await store.read([{ kind: 'participant', room_id: 'R', user_id }])
    return projection?.state?.kind === 'participant' ? projection.state : undefined
  }
  const metricCount = (name: string) => addMetric.mock.calls.filter(([added]) => added === name).length
  const recorded = { added, delayed, failedAt, refusals, samples, tallied, keyReads, info, warn, error }
  return { log, store, ...recorded, deliver, readParticipant, metricCount }
}
