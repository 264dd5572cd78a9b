import { PassThrough, Readable, Writable } from 'node:stream'
import { type ExitCode, exitCodes } from '../../cli/cli-error.ts'
import { execute } from '../../cli/run.ts'
import type { Terminal } from '../../cli/terminal.ts'

export interface CliResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

export interface CliOptions extends Partial<Pick<Terminal, 'env' | 'language' | 'isInteractive' | 'signal'>> {
  /** What comes on standard input. */
  readonly input?: string
}

/** Executes a command line in this process. The environment is empty by default, and the language English. */
export async function runCommand(argv: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const { terminal, stdout, stderr } = createTerminal(options)
  const exitCode = await execute(argv, terminal)
  return { exitCode, stdout: stdout(), stderr: stderr() }
}

/** Creates a terminal whose output can be read. */
export function createTerminal({ input = '', ...options }: CliOptions = {}) {
  const stdout = collect()
  const stderr = collect()
  const terminal: Terminal = {
    language: 'en',
    env: {},
    isInteractive: false,
    signal: new AbortController().signal,
    exitCode: exitCodes.success as ExitCode,
    stdin: input === '' ? new PassThrough().end() : Readable.from([Buffer.from(input)]),
    stdout: stdout.stream,
    // The progress bar draws only on a terminal.
    stderr: Object.assign(stderr.stream, { isTTY: options.isInteractive === true }),
    ...options,
  }
  return { terminal, stdout: stdout.text, stderr: stderr.text }
}

function collect() {
  const chunks: Buffer[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(Buffer.from(chunk))
      done()
    },
  })
  return { stream, text: () => Buffer.concat(chunks).toString() }
}
