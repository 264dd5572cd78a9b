import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { canonicalString, verifyCheckCode } from '../../core/protocol/check-code.ts'
import { encodeEnvelope } from '../../core/protocol/envelope.ts'
import { readForm } from '../../core/protocol/parameters.ts'
import { createHandler } from '../../lambdas/receive-callback/handler.ts'
import { startAws } from '../aws.ts'
import type { Deployment } from '../bundles.ts'
import { callbackEvent, checkCodeKey } from '../callback.ts'
import { lambdaEnvironment, startFunction } from '../function.ts'
import { receiveFloor } from '../peers/receive-floor.ts'
import { webhookVerifier } from '../peers/verify-webhook.ts'
import type { Row } from '../row.ts'
import { interleave } from '../statistics.ts'

type Bundles = Pick<Deployment, 'bundle' | 'bundlePeer'>

const secret = { current: checkCodeKey, previous: null }

function environment(endpoint: string): Record<string, string> {
  return {
    ...lambdaEnvironment('receive-callback', endpoint),
    EVENT_QUEUE_URL: `${endpoint}/000000000000/events`,
    CHECK_CODE_SECRET_ARN: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:check-code',
    ALLOW_UNSIGNED: 'false',
    ALLOWED_CIDRS: '',
    CHECK_CODE_KEY: checkCodeKey,
  }
}

/** From the start of the process to the first event that the queue has. */
export async function coldReceive({ bundle, bundlePeer }: Bundles, rounds: number): Promise<Row> {
  const aws = await startAws({ secret })
  try {
    const [own, other] = [bundle('ReceiveCallback'), await bundlePeer('receive-callback')]
    const start = (file: string) => async () => {
      const ms = await coldStart(file, environment(aws.endpoint))
      const { messages } = aws.takeUsage()
      if (messages.length !== 1) throw new Error(`${file} sent ${messages.length} messages`)
      return ms
    }
    const sides = await interleave(rounds, start(own), start(other))
    return { name: 'cold-receive', unit: 'ms', ...sides, targets: { ratio: 0.5 }, counted: false }
  } finally {
    await aws.close()
  }
}

async function coldStart(file: string, variables: Record<string, string>): Promise<number> {
  const script = fileURLToPath(new URL('../cold-start.mjs', import.meta.url))
  const child = fork(script, [file, JSON.stringify(callbackEvent)], {
    env: { PATH: process.env.PATH, ...variables },
    execArgv: [],
    silent: true,
  })
  child.stderr?.pipe(process.stderr)
  const exited = once(child, 'exit')
  const failed = exited.then(([code]) => Promise.reject(new Error(`${file} ended with code ${code}`)))
  const [{ ms, statusCode, body }] = (await Promise.race([once(child, 'message'), failed])) as [
    { ms: number; statusCode: number; body: string },
  ]
  failed.catch(() => undefined)
  await exited
  if (statusCode !== 200) throw new Error(`${file} answered ${statusCode} ${body}`)
  return ms
}

/** Bytes to load. */
export async function bundleReceive({ bundle, bundlePeer }: Bundles): Promise<Row> {
  const zipped = async (file: string) => gzipSync(await readFile(file)).length
  return {
    name: 'bundle-receive',
    unit: 'bytes gzip',
    ours: [await zipped(bundle('ReceiveCallback'))],
    peer: [await zipped(await bundlePeer('receive-callback'))],
    targets: { ratio: 0.35 },
    counted: true,
  }
}

/** Microseconds of CPU for one of so many calls. */
async function cpuMicroseconds(calls: number, call: () => unknown): Promise<number> {
  const before = process.cpuUsage()
  for (let count = 0; count < calls; count++) await call()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / calls
}

/**
 * The handler from event to envelope: a queue that takes the message at once, and a key in memory. The call to SQS, with its
 * signature, and the line in the log are not in it, nor in the floor.
 */
export async function warmReceive(rounds: number, calls: number): Promise<Row> {
  let taken = ''
  const handler = createHandler({
    queue: {
      async send(envelope) {
        taken = encodeEnvelope(envelope)
        return 'accepted'
      },
    },
    keys: { read: async () => [checkCodeKey], refresh: async () => [checkCodeKey] },
    allowUnsigned: false,
    allowedCidrs: [],
    count: () => undefined,
    reportError: (message, error) => {
      throw new Error(message, { cause: error })
    },
  })
  const context = { getRemainingTimeInMillis: () => 6000 } as Parameters<typeof handler>[1]
  const receive = async () => {
    const { statusCode } = await handler(callbackEvent, context)
    if (statusCode !== 200 || taken === '') throw new Error(`answered ${statusCode}`)
  }
  const floor = () => receiveFloor(callbackEvent.rawQueryString, checkCodeKey)
  const sides = await interleave(
    rounds,
    () => cpuMicroseconds(calls, receive),
    () => cpuMicroseconds(calls, floor),
  )
  return { name: 'warm-receive', unit: 'µs CPU', ...sides, targets: { ratio: 2.5 }, counted: false }
}

export async function warmVerify(rounds: number, calls: number): Promise<Row> {
  const parameters = readForm(callbackEvent.rawQueryString)
  const keys = [checkCodeKey]
  const verify = () => {
    if (verifyCheckCode(parameters, keys).outcome !== 'valid') throw new Error('the check_code does not hold')
  }
  const verifyWebhook = webhookVerifier(checkCodeKey, canonicalString(parameters, 'decoded'))
  const sides = await interleave(
    rounds,
    () => cpuMicroseconds(calls, verify),
    () => cpuMicroseconds(calls, verifyWebhook),
  )
  return { name: 'warm-verify', unit: 'µs CPU', ...sides, targets: { ratio: 0.5 }, counted: false }
}

/** Bytes that the deployed function logs for one callback. */
export async function loggedForCallback({ bundle }: Bundles, calls = 20): Promise<number> {
  const aws = await startAws({ secret })
  const receiver = await startFunction(bundle('ReceiveCallback'), environment(aws.endpoint))
  try {
    for (let count = 0; count < calls; count++) await receiver.invoke(callbackEvent)
    await receiver.stop()
    return receiver.loggedBytes() / calls
  } finally {
    await aws.close()
  }
}
