import { SeededRandom } from '../seeded-random.ts'
import { pickWorkingTimes } from './episodes.ts'
import { planDay } from './meeting-plans.ts'
import type { InstallationTrace } from './trace.ts'
import { defaultTraceOptions, type TraceOptions } from './trace-options.ts'
import { TraceRecorder } from './trace-recorder.ts'
import { VirtualPlatform } from './virtual-platform.ts'
import { VirtualSchedule } from './virtual-schedule.ts'

const dayMs = 24 * 3_600_000
/** The first day of all traces: any fixed day makes them reproducible. */
const startAt = Date.UTC(2026, 0, 15)

/** Generates what happens in an installation. The same options yield the same trace. */
export function generateTrace(given: Partial<TraceOptions> = {}): InstallationTrace {
  const options = { ...defaultTraceOptions, ...given }
  const random = new SeededRandom(options.seed)
  const schedule = new VirtualSchedule(startAt)
  const recorder = new TraceRecorder(new SeededRandom(options.seed + 1_000_000))
  const servers = Array.from({ length: options.servers }, (_, index) => `media-server-${index + 1}`)
  const platform = new VirtualPlatform(schedule, recorder, random, servers)
  const endAt = startAt + options.days * dayMs
  for (let dayAt = startAt; dayAt < endAt; dayAt += dayMs)
    planDay({ schedule, platform, recorder, random, options }, dayAt)
  for (const crashAt of pickWorkingTimes(random, { startAt, endAt }, options.crashesPerDay)) {
    const server = random.pick(servers) ?? ''
    schedule.at(crashAt, () => platform.crash(server))
  }
  schedule.runUntil(endAt)
  const { callbacks, incidents } = recorder
  return { startAt, endAt, servers, callbacks, truth: recorder.finish(endAt), incidents }
}
