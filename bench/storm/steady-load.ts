import { createOtherArrivals } from './arrivals.ts'
import type { StormModel } from './model.ts'
import { simulateStorm } from './simulate.ts'
import { percentile } from './summary.ts'

/** Events of a meeting of the realistic mix, duplicates included. */
const eventsPerMeeting = 440
const seconds = 20
/** Until the functions are warm. */
const warmUpMs = 5000

/** Simulates rooms of the realistic mix that are in use all the time. @returns the figures as text. */
export function describeSteadyLoad(model: StormModel, eventsPerSecond: number): string {
  const rooms = Math.round((eventsPerSecond * 3600) / eventsPerMeeting)
  // Without a backlog, it does not matter which messages come first.
  const arrivals = createOtherArrivals({ rooms, fromMs: 0, untilMs: seconds * 1000 }).map((arrival) => ({
    ...arrival,
    group: 'all',
  }))
  // The event source mapping has had time to scale.
  const queue = { ...model.queue, initialConcurrency: model.queue.maxConcurrency }
  const { delays, batches, requests, writeUnits, throttledRequests, conflicts } = simulateStorm({
    ...model,
    arrivals,
    queue,
  })
  const warm = delays.filter(({ atMs, delayMs }) => atMs - delayMs >= warmUpMs)
  const sorted = warm.map(({ delayMs }) => delayMs).toSorted((a, b) => a - b)
  const events = delays.length
  const formatDelay = (share: number) => `${(percentile(sorted, share) / 1000).toFixed(2)} s`
  return [
    `${rooms} rooms, ${(events / seconds).toFixed(0)} events a second, at most ${model.queue.maxConcurrency} batches at once`,
    `  batches of ${(events / batches).toFixed(0)}; delay: ${formatDelay(0.5)} (median), ${formatDelay(0.99)} (99 %)`,
    `  ${(requests / events).toFixed(2)} requests and ${(writeUnits / events).toFixed(2)} write units an event; ${conflicts} conflicts; ${throttledRequests} throttled requests`,
  ].join('\n')
}
