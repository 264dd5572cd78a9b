import type { BenchBundles } from '../bundles.ts'
import { countRequests } from '../count-requests.ts'
import type { BenchRow } from '../row.ts'
import type { StormModel } from '../storm/model.ts'
import { type MachineTimes, runStorm } from '../storm/run.ts'
import { createStormModel } from '../storm/scenarios.ts'
import { simulateStorm } from '../storm/simulate.ts'

const participants = 1000
/**
 * People who subscribe to one stream instead of nine: the engine and the functions share the two cores of a small machine,
 * which would otherwise be busy for as long as the partitions.
 */
const room = { participants, withinSeconds: 10, subscriptions: 1 }
/** The share of the room's events that the deployed stack applies at once in a room of 5,000 with its twenty batches. */
const concurrency = 4
/**
 * So few that the partitions need about a minute. The requests take this machine some twenty seconds, so that they, and not its
 * CPU, decide how long the run takes.
 */
const partitionUnitsPerSecond = 12

/**
 * Compares the model with the deployed function against an engine that throttles. The model gets the settings of the run and the
 * times that were measured without a limit, and nothing of the result.
 */
export async function measureStormModel(bundles: BenchBundles): Promise<{ row: BenchRow; report: string }> {
  const deployed = createStormModel(room)
  const queue = {
    ...deployed.queue,
    initialConcurrency: concurrency,
    concurrencyGrowthPerSecond: 0,
    maxConcurrency: concurrency,
  }
  const run = await runStorm(bundles, { room, queue, partitionUnitsPerSecond })
  const storm = simulateStorm(createRunModel({ ...deployed, queue }, run.machine))
  const modelSeconds = (storm.delays.at(-1)?.atMs ?? 0) / 1000
  const { usage, machine } = run
  const report = [
    `storm of ${participants} people, ${concurrency} concurrent batches, ${partitionUnitsPerSecond} units a second for each partition`,
    `  this machine without a limit: ${machine.requestMs.toFixed(1)} ms for one request, ${machine.cpuMsPerRequest.toFixed(1)} ms for each of many`,
    `  run:   ${run.seconds.toFixed(1)} s, ${run.batches} batches, ${usage.writeUnits} write units, ${countRequests(usage, 'dynamodb', 'sns')} requests, ${usage.throttledRequests} throttled`,
    `  model: ${modelSeconds.toFixed(1)} s, ${storm.batches} batches, ${storm.writeUnits} write units, ${storm.requests - storm.throttledRequests} requests, ${storm.throttledRequests} throttled`,
  ].join('\n')
  const row = {
    name: 'storm-model-error',
    unit: `relative error of the simulated seconds for ${participants} people`,
    ours: [Math.abs(modelSeconds - run.seconds) / run.seconds],
    peer: null,
    targets: { maxOurs: 0.25 },
    counted: false,
  }
  return { row, report }
}

function createRunModel(model: StormModel, machine: MachineTimes): StormModel {
  return {
    ...model,
    receive: { coldMs: 0, warmMs: 0 },
    apply: { ...model.apply, coldMs: 0, ...machine },
    dynamodb: { partitionUnitsPerSecond },
  }
}
