import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { type EmulatedAws, startEmulatedAws } from '@northbound/template-runner'
import type { BenchBundles } from '../bundles.ts'
import { callbackEvent, checkCodeKey } from '../callback.ts'
import type { ReceiveMeasurement } from '../cost.ts'
import { lambdaEnvironment, startFunction } from '../function.ts'
import type { BenchRow } from '../row.ts'
import { interleave } from '../statistics.ts'

type ReceiverBundles = Pick<BenchBundles, 'bundle' | 'bundlePeer'>

/** ms from the start of the process until the first event is in the queue. */
export async function measureColdReceive(bundles: ReceiverBundles, rounds: number): Promise<BenchRow> {
  const aws = await startEmulatedAws()
  try {
    const { queueUrl, environment } = await createReceiverEnvironment(aws)
    const measureStart = (file: string) => async () => {
      const ms = await startCold(file, environment)
      const messages = await aws.takeMessages(queueUrl)
      if (messages.length !== 1) throw new Error(`${file} sent ${messages.length} messages`)
      return ms
    }
    const samples = await interleave(
      rounds,
      measureStart(bundles.bundle('ReceiveCallback')),
      measureStart(await bundles.bundlePeer('receive-callback')),
    )
    return { name: 'cold-receive', unit: 'ms', ...samples, targets: { maxRatio: 0.42 }, counted: false }
  } finally {
    await aws.stop()
  }
}

/** Size of the code that a cold start loads. */
export async function measureReceiverBundle(bundles: ReceiverBundles): Promise<BenchRow> {
  const gzipBytes = async (file: string) => gzipSync(await readFile(file)).length
  return {
    name: 'bundle-receive',
    unit: 'bytes gzip',
    ours: [await gzipBytes(bundles.bundle('ReceiveCallback'))],
    peer: [await gzipBytes(await bundles.bundlePeer('receive-callback'))],
    targets: { maxRatio: 0.35 },
    counted: true,
  }
}

/** The average over several callbacks to the deployed function. */
export async function measureReceiverLog(
  { bundle }: Pick<BenchBundles, 'bundle'>,
  callbacks = 20,
): Promise<ReceiveMeasurement> {
  const aws = await startEmulatedAws()
  try {
    const { environment } = await createReceiverEnvironment(aws)
    const receiver = await startFunction(bundle('ReceiveCallback'), environment)
    for (let count = 0; count < callbacks; count++) await receiver.invoke(callbackEvent)
    await receiver.stop()
    return { loggedBytes: receiver.loggedBytes() / callbacks }
  } finally {
    await aws.stop()
  }
}

async function createReceiverEnvironment(aws: EmulatedAws) {
  const queueUrl = await aws.createQueue('events')
  const secret = JSON.stringify({ current: checkCodeKey, previous: null })
  const environment: Record<string, string> = {
    ...lambdaEnvironment('receive-callback', aws.endpointUrl),
    EVENT_QUEUE_URL: queueUrl,
    STATE_TABLE: 'state',
    RETENTION_DAYS: '400',
    CHECK_CODE_SECRET_ARN: aws.createSecret('check-code', secret),
    ALLOW_UNSIGNED: 'false',
    ALLOWED_CIDRS: '',
    // Only the peer reads the key from here.
    CHECK_CODE_KEY: checkCodeKey,
  }
  return { queueUrl, environment }
}

/** @returns ms from the start of the process to the response. */
async function startCold(file: string, environment: Record<string, string>): Promise<number> {
  const script = fileURLToPath(new URL('../cold-start.mjs', import.meta.url))
  const child = fork(script, [file, JSON.stringify(callbackEvent)], {
    env: { PATH: process.env.PATH, ...environment },
    execArgv: [],
    silent: true,
  })
  child.stderr?.pipe(process.stderr)
  const exited = once(child, 'exit')
  const failed = exited.then(([code]) => Promise.reject(new Error(`${file} exited with ${code}`)))
  const [{ ms, statusCode, body }] = (await Promise.race([once(child, 'message'), failed])) as [
    { ms: number; statusCode: number; body: string },
  ]
  failed.catch(() => undefined)
  await exited
  if (statusCode !== 200) throw new Error(`${file} responded ${statusCode} ${body}`)
  return ms
}
