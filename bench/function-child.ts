/**
 * A function in a process of its own, as Lambda has it: loads the bundle named on the command line and answers
 * invocations until the parent goes.
 */
import { existsSync, readFileSync } from 'node:fs'

const module = await import(String(process.argv[2]))
const handler = module.handler ?? module.default.handler
const name = process.env.AWS_LAMBDA_FUNCTION_NAME

process.on('message', async ({ event, timeout }: { event: unknown; timeout: number }) => {
  const end = Date.now() + timeout
  const began = performance.now()
  const context = { functionName: name, getRemainingTimeInMillis: () => end - Date.now() }
  try {
    const result = await handler(event, context)
    const ms = performance.now() - began
    process.send?.({ result, ms, memoryMiB: mostMemory() })
  } catch (error) {
    process.send?.({ error: error instanceof Error ? String(error.stack) : String(error) })
  }
})
process.on('disconnect', () => process.exit())
process.send?.('ready')

/** MiB. Not resourceUsage's where it can be helped: on Linux that begins with what the parent had at the fork. */
function mostMemory(): number {
  if (!existsSync('/proc/self/status')) return Math.round(process.resourceUsage().maxRSS / 1024)
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
  return Math.round(Number(kilobytes) / 1024)
}
