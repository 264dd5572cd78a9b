/** Which log lines of the functions are printed. `errors` includes warnings and everything on standard error. */
export type LogFilter = 'all' | 'errors' | 'none'

export function passesFilter(line: string, stream: 'stdout' | 'stderr', filter: LogFilter): boolean {
  if (filter !== 'errors') return filter === 'all'
  return stream === 'stderr' || /^\{.*"level":"(WARN|ERROR|CRITICAL|FATAL)"/s.test(line)
}
