/**
 * Simulates one room of 5,000 people who reconnect within ten seconds, as after the failure of a media server: the
 * length of the queue and the delay of the state.
 *
 *   npm run bench:storm -- [--participants 5000] [--seconds 10] [--svg docs/storm.svg]
 *
 * The model (`storm/model.ts`) combines the settings of the stack, limits that AWS documents and figures that
 * `npm run bench` counts. The results are printed and plotted in docs/storm.svg.
 */
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { renderStormPlot } from './storm/plot.ts'
import { formatScenario, simulateScenarios } from './storm/scenarios.ts'

const { values } = parseArgs({
  options: {
    participants: { type: 'string', default: '5000' },
    seconds: { type: 'string', default: '10' },
    svg: { type: 'string', default: fileURLToPath(new URL('../docs/storm.svg', import.meta.url)) },
  },
})
const scenarios = simulateScenarios({
  participants: Number(values.participants),
  withinSeconds: Number(values.seconds),
})
for (const scenario of scenarios) console.log(formatScenario(scenario))
await writeFile(
  values.svg,
  renderStormPlot(`${values.participants} people reconnect within ${values.seconds} s`, scenarios),
)
console.log(values.svg)
