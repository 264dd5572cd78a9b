import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export interface FrozenFunction<Output> {
  /** Invokes the function after it was frozen for some time, one second by default. */
  invoke(event: unknown, frozenForMs?: number): Promise<Output>
  /** What it has written to standard output and standard error. */
  output(): string
  stop(): Promise<void>
}

/**
 * Loads a bundle in a new process, which is stopped except during invocations: Lambda freezes environments like this, also
 * between the initialization and the first invocation.
 */
export async function startFrozenFunction<Output>(
  bundle: string,
  environment: Readonly<Record<string, string>>,
): Promise<FrozenFunction<Output>> {
  const child = fork(fileURLToPath(new URL('frozen-function-child.ts', import.meta.url)), [bundle], {
    env: { PATH: process.env.PATH, ...environment },
    execArgv: [],
    silent: true,
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  const exited = once(child, 'exit')
  const failed = exited.then(() => Promise.reject(new Error(`the process of the function exited: ${output}`)))
  failed.catch(() => undefined)
  const nextMessage = async () => {
    const [message] = await Promise.race([once(child, 'message'), failed])
    child.kill('SIGSTOP')
    return message
  }
  await nextMessage()
  return {
    async invoke(event, frozenForMs = 1_000) {
      child.kill('SIGCONT')
      child.send({ event, frozenForMs })
      return nextMessage()
    },
    output: () => output,
    async stop() {
      child.kill('SIGCONT')
      child.disconnect()
      await exited
    },
  }
}
