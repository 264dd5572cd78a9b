/** A function in its own process. Its clock is set forward by the time for which it was frozen. */
const module = await import(String(process.argv[2]))
const handler = module.handler ?? module.default.handler

const now = Date.now
let frozenMs = 0
Date.now = () => now() + frozenMs

process.on('message', async ({ event, frozenForMs }: { event: unknown; frozenForMs: number }) => {
  frozenMs += frozenForMs
  const deadline = Date.now() + 15_000
  process.send?.(await handler(event, { getRemainingTimeInMillis: () => deadline - Date.now() }))
})
process.on('disconnect', () => process.exit())
process.send?.('ready')
