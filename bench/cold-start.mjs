// Loads a bundle, has it handle one event, and tells how long after the start of its process that was answered.
// Plain JavaScript: Node's loading of TypeScript would be part of the time.
const [bundle, event] = process.argv.slice(2)
const module = await import(bundle)
const handler = module.handler ?? module.default.handler
const answer = await handler(JSON.parse(event), { getRemainingTimeInMillis: () => 6000 })
const ms = performance.now()
process.send({ ms, statusCode: answer.statusCode, body: answer.body }, () => process.exit())
