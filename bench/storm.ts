/**
 * Simulates one room of 5,000 people who reconnect within ten seconds, as after the failure of a media server: the
 * length of the queue, and the delays of that room and of others.
 *
 *   npm run bench:storm -- [--participants 5000] [--seconds 10] [--svg docs/storm.svg]
 *   npm run bench:storm -- --rate 1000 [--concurrency 20]   instead, events of other rooms only, so many a second
 *
 * The model (`storm/model.ts`) combines the settings of the stack, limits that AWS documents and figures that
 * `npm run bench` counts. The results are printed and plotted in docs/storm.svg.
 */
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { renderStormPlot } from './storm/plot.ts'
import { createStormModel, formatScenario, simulateScenarios } from './storm/scenarios.ts'
import { describeSteadyLoad } from './storm/steady-load.ts'

const { values } = parseArgs({
  options: {
    participants: { type: 'string', default: '5000' },
    seconds: { type: 'string', default: '10' },
    svg: { type: 'string', default: fileURLToPath(new URL('../docs/storm.svg', import.meta.url)) },
    rate: { type: 'string' },
    concurrency: { type: 'string', default: '20' },
  },
})
const room = { participants: Number(values.participants), withinSeconds: Number(values.seconds) }
if (values.rate === undefined) await simulateRoom()
else {
  const model = createStormModel(room)
  const queue = { ...model.queue, maxConcurrency: Number(values.concurrency) }
  console.log(describeSteadyLoad({ ...model, queue }, Number(values.rate)))
}

async function simulateRoom(): Promise<void> {
  const scenarios = simulateScenarios(room)
  for (const scenario of scenarios) console.log(formatScenario(scenario))
  const title = `${room.participants} people reconnect within ${room.withinSeconds} s, 200 other rooms in use`
  await writeFile(values.svg, renderStormPlot(title, scenarios))
  console.log(values.svg)
}
