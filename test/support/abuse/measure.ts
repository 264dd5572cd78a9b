/** Measures the CPU time of this thread. Waiting does not count, and other processes hardly do. */
export async function measureCpu<Result>(
  run: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly cpuMs: number }> {
  const before = process.threadCpuUsage()
  const result = await run()
  const { user, system } = process.threadCpuUsage(before)
  return { result, cpuMs: (user + system) / 1_000 }
}
