import { parentPort, workerData } from 'node:worker_threads'
import type { InvocationError, InvocationMessage, WorkerMessage, WorkerSetup } from './messages.ts'

type Handler = (event: unknown, context: object) => unknown

// Runs inside a worker: plays the Lambda runtime around one function's module.

const tell = (message: WorkerMessage) => parentPort?.postMessage(message)

const { moduleUrl, exportName }: WorkerSetup = workerData
try {
  const handler = await loadHandler()
  parentPort?.on('message', (message: InvocationMessage) => run(handler, message))
  tell({ kind: 'ready' })
} catch (thrown) {
  tell({ kind: 'failed', error: describe(thrown) })
}

async function loadHandler(): Promise<Handler> {
  const module: Readonly<Record<string, unknown>> = await import(moduleUrl)
  const handler = module[exportName]
  if (typeof handler === 'function') return (event, context) => handler(event, context)
  throw new Error(`${moduleUrl} exports no function ${exportName}`)
}

async function run(handler: Handler, { event, context, deadline }: InvocationMessage): Promise<void> {
  try {
    const result = await handler(JSON.parse(event), {
      ...context,
      callbackWaitsForEmptyEventLoop: true,
      getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    })
    tell({ kind: 'returned', payload: JSON.stringify(result) ?? 'null' })
  } catch (thrown) {
    tell({ kind: 'failed', error: describe(thrown) })
  }
}

function describe(thrown: unknown): InvocationError {
  if (!(thrown instanceof Error)) return { errorType: typeof thrown, errorMessage: String(thrown) }
  const { name, message, stack } = thrown
  return { errorType: name, errorMessage: message, ...(stack !== undefined && { stack }) }
}
