import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export type BenchInvocation<Output> = {
  readonly result: Output
  readonly ms: number
  /** Of the process, since its start. */
  readonly peakMemoryMiB: number
}

export interface BenchFunction {
  /**
   * @param timeoutMs the remaining time that the context reports at the start.
   * @throws Error if the function fails.
   */
  invoke<Output>(event: unknown, timeoutMs?: number): Promise<BenchInvocation<Output>>
  /** Bytes that the function has logged so far. */
  loggedBytes(): number
  stop(): Promise<void>
}

/** The environment variables that Lambda and the stack set for every function. */
export function lambdaEnvironment(functionName: string, endpointUrl: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpointUrl,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 's',
    AWS_LAMBDA_FUNCTION_NAME: functionName,
    METRICS_NAMESPACE: 'Northbound',
    URL_SUFFIX: 'amazonaws.com',
    POWERTOOLS_DEV: 'false',
  }
}

/** Loads a bundle in a new process. @param nodeOptions options of Node, for example a limit of the heap. */
export async function startFunction(
  bundle: string,
  environment: Record<string, string>,
  nodeOptions: readonly string[] = [],
): Promise<BenchFunction> {
  const child = fork(fileURLToPath(new URL('function-child.ts', import.meta.url)), [bundle], {
    env: { PATH: process.env.PATH, ...environment },
    execArgv: [...nodeOptions],
    silent: true,
    serialization: 'advanced',
  })
  let loggedBytes = 0
  child.stdout?.on('data', (chunk: Buffer) => {
    loggedBytes += chunk.length
  })
  child.stderr?.pipe(process.stderr)
  const exited = once(child, 'exit')
  // The last log lines may arrive after the exit.
  const logEnded = child.stdout === null ? undefined : once(child.stdout, 'end')
  const nextMessage = async (): Promise<unknown> => {
    const failed = exited.then(([code]) => Promise.reject(new Error(`the function's process exited with ${code}`)))
    const [message] = (await Promise.race([once(child, 'message'), failed])) as [unknown]
    return message
  }
  await nextMessage()
  return {
    async invoke<Output>(event: unknown, timeoutMs = 60_000) {
      child.send({ event, timeoutMs })
      const reply = (await nextMessage()) as BenchInvocation<Output> | { error: string }
      if ('error' in reply) throw new Error(reply.error)
      return reply
    },
    loggedBytes: () => loggedBytes,
    async stop() {
      child.disconnect()
      await Promise.all([exited, logEnded])
    },
  }
}
