import { signal } from '@preact/signals'
import { api } from '../api.ts'
import type { ApiStats } from '../api-types.ts'
import { followTimeZone, isZoneSettled } from '../time-zone.ts'

const intervalMs = 60_000

/** The statistics that the dot in the header and the warnings show; undefined until they have been read. */
export const health = signal<ApiStats | undefined>(undefined)

/** `bad`: something needs attention. `silent`: no callback has arrived yet, so nothing can be said. */
export type Verdict = 'good' | 'silent' | 'bad'

/** Judges for the dot in the header and the sentence on the page of health. */
export function judgeHealth({ warnings, last_callback_at }: ApiStats): Verdict {
  if (warnings.length > 0) return 'bad'
  return last_callback_at === null ? 'silent' : 'good'
}

/** Takes over statistics, so that the dot and the page of health say the same. */
export function noteHealth(stats: ApiStats): void {
  health.value = stats
  followTimeZone(stats.time_zone)
}

/** Reads the statistics now and then. A failure changes nothing: the page itself reports it. @returns stops it. */
export function followHealth(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let stopped = false
  async function read(): Promise<void> {
    clearTimeout(timer)
    if (!document.hidden) {
      const stats = await api.readStats().catch(() => undefined)
      if (stopped) return
      if (stats === undefined) isZoneSettled.value = true
      else noteHealth(stats)
    }
    timer = setTimeout(() => void read(), intervalMs)
  }
  const readIfShown = () => void (document.hidden || read())
  document.addEventListener('visibilitychange', readIfShown)
  void read()
  return () => {
    stopped = true
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', readIfShown)
    health.value = undefined
  }
}
