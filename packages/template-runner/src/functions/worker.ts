import { parentPort, workerData } from 'node:worker_threads'
import { toInvocationError } from './invocation-result.ts'
import { prepareClock, readTrueTime, shiftClock } from './shift-clock.ts'
import type { FreezeMessage, InvocationMessage, WorkerMessage, WorkerSetup } from './worker-messages.ts'

// Entry point of a worker thread: emulates the Lambda runtime for one function.

type LambdaHandler = (event: unknown, context: object) => unknown

const send = (message: WorkerMessage) => parentPort?.postMessage(message)

const { moduleUrl, exportName, thawed }: WorkerSetup = workerData
// Node.js has read it already, and the function must not see it.
delete process.env.NODE_COMPILE_CACHE
prepareClock()
try {
  const handler = await loadHandler()
  parentPort?.on('message', (message: InvocationMessage | FreezeMessage) => {
    if ('freezeMs' in message) freeze(message.freezeMs)
    else void invoke(handler, message)
  })
  send({ kind: 'ready' })
  // Blocks the thread, so that nothing that the module began goes on.
  if (thawed) Atomics.wait(thawed, 0, 0)
} catch (thrown) {
  send({ kind: 'failed', error: toInvocationError(thrown) })
}

async function loadHandler(): Promise<LambdaHandler> {
  const module: Readonly<Record<string, unknown>> = await import(moduleUrl)
  const handler = module[exportName]
  if (typeof handler === 'function') return (event, context) => handler(event, context)
  throw new Error(`${moduleUrl} exports no function ${exportName}`)
}

/** Blocks the thread. */
function freeze(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

async function invoke(handler: LambdaHandler, message: InvocationMessage): Promise<void> {
  const { event, context, deadlineMs, clockOffsetMs } = message
  try {
    shiftClock(clockOffsetMs)
    const result = await handler(JSON.parse(event), {
      ...context,
      callbackWaitsForEmptyEventLoop: true,
      getRemainingTimeInMillis: () => Math.max(0, deadlineMs - readTrueTime()),
    })
    send({ kind: 'returned', payload: JSON.stringify(result) ?? 'null' })
  } catch (thrown) {
    send({ kind: 'failed', error: toInvocationError(thrown) })
  }
}
