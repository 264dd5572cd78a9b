import type { Text } from './language.ts'

/** The exit codes of all commands. */
export const exitCodes = {
  success: 0,
  /** It failed, or the answer is no: a signature does not hold, something is unhealthy. */
  failure: 1,
  /** The command line is wrong; nothing was done. */
  usage: 2,
  /** Stopped by SIGINT or SIGTERM; what was done so far is reported. */
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** An error that the operator can act on. Its text is one line. */
export class CliError extends Error {
  readonly text: Text
  readonly exitCode: ExitCode

  constructor(text: Text, exitCode: ExitCode = exitCodes.failure, options?: ErrorOptions) {
    super(text.en, options)
    this.name = 'CliError'
    this.text = text
    this.exitCode = exitCode
  }
}

/** An error of the command line. */
export function usageError(text: Text): CliError {
  return new CliError(text, exitCodes.usage)
}

export function isUsageError(error: unknown): error is CliError {
  return error instanceof CliError && error.exitCode === exitCodes.usage
}
