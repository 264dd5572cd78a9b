import type { Readable, Writable } from 'node:stream'
import type { ExitCode } from './cli-error.ts'
import type { Language, Text } from './language.ts'

/** What a command sees of the process that executes it. */
export interface Terminal {
  readonly language: Language
  readonly env: NodeJS.ProcessEnv
  readonly stdin: Readable
  readonly stdout: Writable
  readonly stderr: Writable
  /** Whether a person watches standard error, so that a progress bar may be drawn on it. */
  readonly isInteractive: boolean
  /** Aborts on SIGINT and SIGTERM. A command then ends soon and reports what it has done. */
  readonly signal: AbortSignal
  /** The exit code if the command does not throw. */
  exitCode: ExitCode
}

/** Selects the text in the terminal's language. */
export function inLanguage({ language }: Pick<Terminal, 'language'>, text: Text): string {
  return text[language]
}

/**
 * Prints the result of a command on standard output: one JSON document, or lines.
 *
 * @param result `json` for programs, with names as in the query API; `lines` for people.
 */
export function printResult(
  { stdout }: Pick<Terminal, 'stdout'>,
  { json: isJson }: { readonly json?: true | undefined },
  result: { readonly json: unknown; readonly lines: readonly string[] },
): void {
  const lines = isJson ? [JSON.stringify(result.json)] : result.lines
  stdout.write(lines.map((line) => `${line}\n`).join(''))
}

/** Prints a remark on standard error, where it does not disturb the result. */
export function printNotice(terminal: Pick<Terminal, 'stderr' | 'language'>, text: Text): void {
  terminal.stderr.write(`${inLanguage(terminal, text)}\n`)
}
