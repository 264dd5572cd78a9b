/** Sweeps twice with the bundle named on the command line: the first finds who is missing, the second corrects. */
const { handler } = await import(String(process.argv[2]))
const results: { outcome: string; seconds: number; memoryMiB: number }[] = []
for (let sweep = 0; sweep < 2; sweep++) {
  const began = performance.now()
  const end = Date.now() + 55_000
  const { outcome } = await handler({}, { getRemainingTimeInMillis: () => end - Date.now() })
  const seconds = (performance.now() - began) / 1000
  results.push({ outcome, seconds, memoryMiB: Math.round(process.resourceUsage().maxRSS / 1024) })
}
process.send?.(results, () => process.exit())

export {}
