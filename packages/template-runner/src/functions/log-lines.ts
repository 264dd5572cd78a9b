/** Which lines of the functions are shown: those of trouble, all, or none. */
export type LogChoice = 'all' | 'errors' | 'none'

/** Whether a line that a function wrote is to be shown. */
export function isShown(line: string, stream: 'stdout' | 'stderr', choice: LogChoice): boolean {
  if (choice !== 'errors') return choice === 'all'
  return stream === 'stderr' || /^\{.*"level":"(WARN|ERROR|CRITICAL|FATAL)"/s.test(line)
}
