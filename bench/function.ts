import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export type Invocation<Result> = {
  readonly result: Result
  readonly ms: number
  /** The most that the process has had so far. */
  readonly memoryMiB: number
}

export interface BenchFunction {
  /** @throws where the function does. @param timeout ms that it is told it has. */
  invoke<Result>(event: unknown, timeout?: number): Promise<Invocation<Result>>
  /** Bytes that it has logged so far. */
  loggedBytes(): number
  stop(): Promise<void>
}

/** What Lambda puts into every function's environment, with AWS behind one address. */
export function lambdaEnvironment(name: string, endpoint: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 's',
    AWS_LAMBDA_FUNCTION_NAME: name,
    METRICS_NAMESPACE: 'Northbound',
    URL_SUFFIX: 'amazonaws.com',
    POWERTOOLS_DEV: 'false',
  }
}

/** Loads a bundle in a process of its own. */
export async function startFunction(bundle: string, variables: Record<string, string>): Promise<BenchFunction> {
  const child = fork(fileURLToPath(new URL('function-child.ts', import.meta.url)), [bundle], {
    env: { PATH: process.env.PATH, ...variables },
    execArgv: [],
    silent: true,
    serialization: 'advanced',
  })
  let logged = 0
  child.stdout?.on('data', (chunk: Buffer) => {
    logged += chunk.length
  })
  child.stderr?.pipe(process.stderr)
  const exited = once(child, 'exit')
  // The last lines of its log may come after that.
  const logEnded = child.stdout === null ? undefined : once(child.stdout, 'end')
  const answer = async (): Promise<unknown> => {
    const ended = exited.then(([code]) => Promise.reject(new Error(`the function's process ended with ${code}`)))
    const [message] = (await Promise.race([once(child, 'message'), ended])) as [unknown]
    return message
  }
  await answer()
  return {
    async invoke<Result>(event: unknown, timeout = 60_000) {
      child.send({ event, timeout })
      const answered = (await answer()) as Invocation<Result> | { error: string }
      if ('error' in answered) throw new Error(answered.error)
      return answered
    },
    loggedBytes: () => logged,
    async stop() {
      child.disconnect()
      await Promise.all([exited, logEnded])
    },
  }
}
