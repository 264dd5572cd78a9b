// Loads a bundle, invokes its handler once and reports how long after the process start the handler returned.
// This is plain JavaScript because Node's loading of TypeScript would add to the time.
const [bundle, event] = process.argv.slice(2)
const module = await import(bundle)
const handler = module.handler ?? module.default.handler
const response = await handler(JSON.parse(event), { getRemainingTimeInMillis: () => 6000 })
const ms = performance.now()
process.send({ ms, statusCode: response.statusCode, body: response.body }, () => process.exit())
