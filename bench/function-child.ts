/**
 * A function in its own process, as in Lambda: loads the bundle named on the command line and handles invocations until
 * the parent disconnects.
 */
import { existsSync, readFileSync } from 'node:fs'

const module = await import(String(process.argv[2]))
const handler = module.handler ?? module.default.handler
const functionName = process.env.AWS_LAMBDA_FUNCTION_NAME

process.on('message', async ({ event, timeoutMs }: { event: unknown; timeoutMs: number }) => {
  const deadline = Date.now() + timeoutMs
  const startedAt = performance.now()
  const context = { functionName, getRemainingTimeInMillis: () => deadline - Date.now() }
  try {
    const result = await handler(event, context)
    const ms = performance.now() - startedAt
    process.send?.({ result, ms, peakMemoryMiB: peakMemoryMiB() })
  } catch (error) {
    process.send?.({ error: error instanceof Error ? String(error.stack) : String(error) })
  }
})
process.on('disconnect', () => process.exit())
process.send?.('ready')

/** On Linux, `resourceUsage` starts from the memory of the parent at the fork, so `/proc` is preferred. */
function peakMemoryMiB(): number {
  if (!existsSync('/proc/self/status')) return Math.round(process.resourceUsage().maxRSS / 1024)
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
  return Math.round(Number(kilobytes) / 1024)
}
