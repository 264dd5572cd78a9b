/**
 * One room of 5,000 people who come back within ten seconds, as after the death of a media server: how long the queue
 * gets, and how late the state is.
 *
 *   npm run bench:storm -- [--people 5000] [--seconds 10] [--svg docs/storm.svg]
 *
 * A simulation (`storm-model.ts`): what the stack sets, what AWS documents, and what `npm run bench` counts. It ends in
 * a table on the screen, and in docs/storm.svg.
 */
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { assumptions } from './cost.ts'
import { reconnections } from './mix.ts'
import { stormPlot } from './plot.ts'
import { storedViewSize } from './stored.ts'
import { playStorm, type Storm, type StormModel } from './storm-model.ts'

/** What a person's projection costs who was there, with all that a join brings, and comes back with as much again. */
export function viewUnitsAfterReconnecting(): number {
  const burst = (seed: number) => reconnections(10, 1000, seed).filter(({ params }) => params.user_id === '10000')
  const again = burst(2).map((event) => ({ ...event, received_at: event.received_at + 60_000 }))
  return Math.ceil(storedViewSize([...burst(1), ...again]) / 1024)
}

export function stormOf(people: number, seconds: number): StormModel {
  const events = reconnections(people, seconds * 1000, 1)
  const begin = events[0]?.received_at ?? 0
  return {
    arrivals: events.map(({ received_at, params }) => ({ at: received_at - begin, person: params.user_id ?? '' })),
    // A cold start takes 100 ms of a core here (cold-receive); Lambda has its own, and less of a core.
    receive: { coldMs: 300, warmMs: assumptions.callbackMs },
    // lib/event-applier.ts; the growth is AWS's for standard queues.
    queue: { batchSize: 100, windowMs: 1000, firstConcurrency: 5, moreConcurrencyPerSecond: 5, maxConcurrency: 20 },
    apply: {
      requestMs: assumptions.requestMs,
      ownMs: assumptions.ownMs,
      peopleAtOnce: assumptions.requestConcurrency,
    },
    dynamodb: {
      partitionUnitsPerSecond: 1000,
      timelinePartitions: 1,
      statePartitions: 1,
      viewUnits: viewUnitsAfterReconnecting(),
    },
  }
}

/** Figures of a storm, in words for the screen. */
export function summary(name: string, { moments, delays, receiverConcurrency, batches, conflicts }: Storm): string {
  const sorted = delays.map(({ delay }) => delay).toSorted((a, b) => a - b)
  const share = (part: number) => seconds(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0)
  const longest = moments.reduce((most, { waiting }) => Math.max(most, waiting), 0)
  return [
    name,
    `  ${delays.length} events in ${batches} batches; all applied after ${seconds(delays.at(-1)?.at ?? 0)}`,
    `  late by ${share(0.5)} (half), ${share(0.99)} (99 %), ${share(1)} (the last)`,
    `  at most ${longest} messages wait; ${receiverConcurrency} receivers at once; ${conflicts} projections folded again`,
  ].join('\n')
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}

/** The stack as it is, and what would change with the room spread over more partitions. */
export function storms(people: number, within: number): { name: string; storm: Storm }[] {
  const model = stormOf(people, within)
  const spread = (partitions: number): StormModel => ({
    ...model,
    dynamodb: { ...model.dynamodb, timelinePartitions: partitions, statePartitions: partitions },
  })
  return [
    { name: 'as deployed: the room in one partition', storm: playStorm(model) },
    { name: 'the room spread over four partitions', storm: playStorm(spread(4)) },
    { name: 'partitions without a limit', storm: playStorm(spread(1e6)) },
  ]
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      people: { type: 'string', default: '5000' },
      seconds: { type: 'string', default: '10' },
      svg: { type: 'string', default: fileURLToPath(new URL('../docs/storm.svg', import.meta.url)) },
    },
  })
  const played = storms(Number(values.people), Number(values.seconds))
  for (const { name, storm } of played) console.log(summary(name, storm))
  await writeFile(values.svg, stormPlot(`${values.people} people come back within ${values.seconds} s`, played))
  console.log(values.svg)
}
