import { CommanderError } from '@commander-js/extra-typings'
import { CliError, exitCodes } from './cli-error.ts'
import { describeError } from './describe-error.ts'
import { chooseLanguage } from './language.ts'
import { createProgram } from './program.ts'
import { showText } from './show-text.ts'
import type { Terminal } from './terminal.ts'

/** npm passes on the signals of a terminal, so that one Ctrl+C arrives twice within about a second. */
const repetitionMs = 2000

/**
 * Executes a command line in this process. SIGINT and SIGTERM stop it, and a further one two seconds later ends it at once.
 *
 * @param argv without the program.
 * @returns the exit code.
 */
export async function runCli(argv: readonly string[]): Promise<number> {
  const { env, stdin, stdout, stderr } = process
  const stop = new AbortController()
  let stoppedAt: number | undefined
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      if (stoppedAt !== undefined && performance.now() - stoppedAt > repetitionMs) process.exit(exitCodes.interrupted)
      stoppedAt ??= performance.now()
      stop.abort()
    })
  const isInteractive = stderr.isTTY === true
  const language = chooseLanguage(argv, env)
  const { signal } = stop
  return execute(argv, { language, env, stdin, stdout, stderr, isInteractive, signal, exitCode: exitCodes.success })
}

/** Executes a command line on a terminal. Errors are printed. @returns the exit code. */
export async function execute(argv: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const program = await createProgram(terminal, argv[0])
    await program.parseAsync(argv, { from: 'user' })
    return terminal.exitCode
  } catch (error) {
    if (error instanceof CommanderError && isInformation(error))
      return error.exitCode === 0 ? exitCodes.success : exitCodes.usage
    return reportError(terminal, error, argv.includes('--verbose'))
  }
}

/** Whether the help text or the version was printed instead of executing a command. */
function isInformation({ code }: CommanderError): boolean {
  return ['commander.helpDisplayed', 'commander.help', 'commander.version'].includes(code)
}

function reportError(terminal: Terminal, error: unknown, isVerbose: boolean): number {
  if (terminal.signal.aborted && !(error instanceof CliError)) return exitCodes.interrupted
  // The reader of a pipe has seen enough, as `head` does.
  if (error instanceof Error && 'code' in error && error.code === 'EPIPE') return exitCodes.failure
  terminal.stderr.write(`northbound: ${showText(describeError(error, terminal.language))}\n`)
  // The stack starts with the message, which may quote a text from outside.
  if (isVerbose && error instanceof Error)
    for (const line of (error.stack ?? '').split('\n')) terminal.stderr.write(`${showText(line)}\n`)
  if (error instanceof CommanderError) return exitCodes.usage
  return error instanceof CliError ? error.exitCode : exitCodes.failure
}
