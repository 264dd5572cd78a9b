import type { EmulatedAws } from '@northbound/template-runner'
import type { BenchBundles } from '../bundles.ts'
import { generateMeetings, realisticMix } from '../mix.ts'
import type { BenchRow } from '../row.ts'
import { interleave } from '../statistics.ts'
import { createMessages, drain, startApplier } from './applier.ts'

/** Events of one meeting of the mix, rounded down. */
const eventsPerMeeting = 400

/**
 * Measures the seconds that one instance of each function takes to apply queued events, batch by batch, directly
 * against the DynamoDB engine.
 *
 * The peer processes a batch sequentially. In parallel, its records conflict on the same projections: 3,000 events took
 * 33 s instead of 26 s on DynamoDB Local, and 46 s instead of 37 s on the embedded engine.
 */
export async function measureApplyDrain(
  aws: EmulatedAws,
  bundles: BenchBundles,
  rounds: number,
  events: number,
): Promise<BenchRow> {
  const mix = generateMeetings({ ...realisticMix, rooms: Math.ceil(events / eventsPerMeeting) })
  const messages = createMessages(mix.slice(0, events))
  if (messages.length < events) throw new Error(`the mix has only ${messages.length} events`)
  const measureDrain = (bundle: string) => async () => {
    const applier = await startApplier(aws, bundle, bundles, aws.dynamodbUrl)
    const seconds = await drain(applier, messages)
    await applier.function.stop()
    return seconds
  }
  const samples = await interleave(
    rounds,
    measureDrain(bundles.bundle('ApplyEvents')),
    measureDrain(await bundles.bundlePeer('apply-events')),
    { warmUp: false },
  )
  return {
    name: 'apply-drain',
    unit: `s for ${events} events`,
    ...samples,
    targets: { maxRatio: 0.35 },
    counted: false,
  }
}
