import type { OpenRooms } from '../../core/ports/open-rooms-reader.ts'
import type { UsageStore } from '../../core/ports/usage-store.ts'
import { takeSample } from '../../core/usage/take-sample.ts'
import { addSample, hourOf, isSampled, type UsageHour } from '../../core/usage/usage-hour.ts'

export type SampleOutcome = 'sampled' | 'already_sampled'

/** Another environment wrote at the same time again and again. */
class UsageConflictError extends Error {
  override name = 'UsageConflictError'
}

const maxAttempts = 3

/**
 * Keeps the latest hour in memory, so that a sample takes one write and no read. The write fails if another environment has written
 * since then; the hour is then read again.
 */
export class SampleRecorder {
  readonly #usage: UsageStore
  #latest: UsageHour | undefined

  constructor(usage: UsageStore) {
    this.#usage = usage
  }

  /** Records one sample of each minute. @param at ms since 1970. @throws UsageConflictError */
  async record({ rooms, present }: OpenRooms, at: number, signal?: AbortSignal): Promise<SampleOutcome> {
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      this.#latest ??= await this.#usage.readLatest(signal)
      const latest = this.#latest
      if (latest !== undefined && isSampled(latest, at)) return 'already_sampled'
      const current = latest?.hour === hourOf(at) ? latest : undefined
      const sample = takeSample({ rooms, people: present.length }, { at, previousAt: latest?.last_at })
      const next = addSample(current, sample)
      if ((await this.#usage.write(next, current?.last_at, signal)) === 'written') {
        this.#latest = next
        return 'sampled'
      }
      this.#latest = undefined
    }
    throw new UsageConflictError('the usage of this hour keeps changing')
  }
}
