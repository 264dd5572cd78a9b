import { setTimeout as sleep } from 'node:timers/promises'
import { type AwsUsage, type EmulatedAws, startEmulatedAws } from '@northbound/template-runner'
import type { SQSBatchResponse } from 'aws-lambda'
import type { BenchBundles } from '../bundles.ts'
import { countRequests } from '../count-requests.ts'
import type { BenchFunction } from '../function.ts'
import { generateMeetings, realisticMix } from '../mix.ts'
import { type BenchAppliers, type BenchMessage, createMessages, startAppliers } from '../rows/applier.ts'
import { generateStorm, type StormRoom } from './arrivals.ts'
import { EventQueue, type QueueSettings } from './event-queue.ts'
import { measureRequestMs, storeEarlierSessions } from './prepare-run.ts'

export type StormRunSettings = {
  readonly room: StormRoom
  readonly queue: QueueSettings
  readonly partitionUnitsPerSecond: number
}

/** The times of this machine without a limit, for the model. */
export type MachineTimes = { readonly requestMs: number; readonly cpuMsPerRequest: number }

export type StormRun = {
  /** Seconds from the first event until all are applied. */
  readonly seconds: number
  readonly batches: number
  readonly usage: AwsUsage
  readonly machine: MachineTimes
}

const tickMs = 5

/**
 * Runs a storm with the deployed function against the engine, which throttles each partition. The queue is that of the
 * simulation, in real time; each of its concurrent batches has an instance of the function.
 *
 * @throws Error if an event fails, which takes as long as the visibility timeout: the limit is too low then.
 */
export async function runStorm(bundles: BenchBundles, settings: StormRunSettings): Promise<StormRun> {
  const { before, storm } = generateStorm(settings.room)
  const aws = await startEmulatedAws({ dynamodbUrl: process.env.DYNAMODB_LOCAL_URL })
  const appliers = await startAppliers(aws, bundles, settings.queue.maxConcurrency)
  try {
    await storeEarlierSessions(aws, appliers, before)
    const machine = await measureMachine(aws, appliers, settings.queue)
    aws.limitPartitions(settings.partitionUnitsPerSecond)
    aws.takeUsage()
    const startMs = storm[0]?.received_at ?? 0
    const arrivals = storm.map(({ received_at }) => received_at - startMs)
    const { ms, batches } = await deliver(appliers.functions, createMessages(storm), arrivals, settings.queue)
    return { seconds: ms / 1000, batches, usage: aws.takeUsage(), machine }
  } finally {
    await Promise.all(appliers.functions.map((instance) => instance.stop()))
    await aws.stop()
  }
}

/** Measures batches of the realistic mix, all instances busy. The first ones only warm them up. */
async function measureMachine(
  aws: EmulatedAws,
  { functions, tables }: BenchAppliers,
  queue: QueueSettings,
): Promise<MachineTimes> {
  const meetings = createMessages(generateMeetings({ ...realisticMix, rooms: 2 }))
  const half = Math.ceil(meetings.length / 2)
  const apply = (messages: readonly BenchMessage[]) =>
    deliver(
      functions,
      messages,
      messages.map(() => 0),
      queue,
    )
  await apply(meetings.slice(0, half))
  aws.takeUsage()
  const { ms } = await apply(meetings.slice(half))
  const requests = countRequests(aws.takeUsage(), 'dynamodb', 'sns')
  return { requestMs: await measureRequestMs(aws, tables.state), cpuMsPerRequest: (ms * functions.length) / requests }
}

type WaitingMessage = { readonly message: BenchMessage; readonly group: string; readonly queuedAtMs: number }

/** Delivers messages in batches when they arrive (ms from the start), and waits until all are applied. */
async function deliver(
  functions: readonly BenchFunction[],
  messages: readonly BenchMessage[],
  arrivals: readonly number[],
  settings: QueueSettings,
): Promise<{ ms: number; batches: number }> {
  const queue = new EventQueue<WaitingMessage>(settings)
  const idle = [...functions]
  const arriving = messages.map((message, index) => ({ message, group: 'storm', queuedAtMs: arrivals[index] ?? 0 }))
  const running: Promise<void>[] = []
  const startedAt = performance.now()
  const elapsedMs = () => performance.now() - startedAt
  let failure: Error | undefined
  const apply = async (instance: BenchFunction, batch: readonly WaitingMessage[]) => {
    const { result } = await instance.invoke<SQSBatchResponse>({ Records: batch.map(({ message }) => message) })
    if (result.batchItemFailures.length > 0) failure = new Error(`${result.batchItemFailures.length} events failed`)
    queue.finish(batch, elapsedMs())
    idle.push(instance)
  }
  while (arriving.length + queue.waiting > 0 && failure === undefined) {
    for (; arriving[0] !== undefined && arriving[0].queuedAtMs <= elapsedMs(); arriving.shift()) queue.push(arriving[0])
    for (let batch = queue.takeBatch(elapsedMs()); batch !== undefined; batch = queue.takeBatch(elapsedMs())) {
      const instance = idle.pop()
      if (instance === undefined) throw new Error('the queue runs more batches than there are functions')
      running.push(apply(instance, batch))
    }
    await sleep(tickMs)
  }
  await Promise.all(running)
  if (failure !== undefined) throw failure
  return { ms: elapsedMs(), batches: running.length }
}
