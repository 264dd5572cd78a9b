import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, onTestFinished } from 'vitest'
import { z } from 'zod'

/** A process with what it has printed so far. */
export type ObservedProcess = ChildProcess & { readonly output: { stdout: string; stderr: string } }

const readyLineSchema = z.object({
  url: z.string(),
  callbackUrl: z.string(),
  consoleUrl: z.string(),
  apiToken: z.string(),
  awsEndpointUrl: z.string(),
  outputs: z.record(z.string(), z.string()),
})

export type ReadyLine = z.output<typeof readyLineSchema>

/** Starts a process that is killed when the test ends. */
export function observe(command: string, args: readonly string[], options: SpawnOptions = {}): ObservedProcess {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options })
  const output = { stdout: '', stderr: '' }
  child.stdout?.on('data', (chunk) => {
    output.stdout += chunk
  })
  child.stderr?.on('data', (chunk) => {
    output.stderr += chunk
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  return Object.assign(child, { output })
}

/** Executes what `npm start` does, without npm. */
export function startCommand(options: readonly string[], settings?: SpawnOptions): ObservedProcess {
  return observe(process.execPath, ['local/start.mjs', ...options], settings)
}

/** @returns the exit code, null if a signal has ended the process. */
export async function waitForExit(child: ChildProcess): Promise<unknown> {
  const [code] = await once(child, 'close')
  return code
}

/** Waits for the line that `--json` prints. */
export async function waitUntilReady({ output }: ObservedProcess): Promise<ReadyLine> {
  const findLine = () => /^\{"ready":.*\}(?=\r?\n)/m.exec(output.stdout)?.[0]
  await expect.poll(findLine, { timeout: 55_000 }).toBeDefined()
  return readyLineSchema.parse(JSON.parse(findLine() ?? ''))
}
