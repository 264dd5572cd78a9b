import { isOfSameDay, type Sighting, selectUnrecorded } from '../../core/people/directory.ts'
import type { PeopleDirectory } from '../../core/ports/people-directory.ts'

/** People who are looked up and recorded in one run. Further ones follow a minute later. */
const maxPeople = 1000

/** Remembers who has been recorded today, so that usually nobody must be looked up. */
export class PeopleRecorder {
  readonly #people: PeopleDirectory
  readonly #recorded = new Set<string>()
  #lastAt = 0

  constructor(people: PeopleDirectory) {
    this.#people = people
  }

  /** Records those present whose entry is not of today (UTC). @param now ms since 1970. */
  async record(present: readonly Sighting[], now: number, signal?: AbortSignal): Promise<void> {
    if (!isOfSameDay(this.#lastAt, now)) this.#recorded.clear()
    this.#lastAt = now
    const unrecorded = selectUnrecorded(present, this.#recorded, maxPeople)
    if (unrecorded.length === 0) return
    const times = await this.#people.readTimes(
      unrecorded.map(({ user_id }) => user_id),
      signal,
    )
    const isDue = ({ user_id }: Sighting) => {
      const seenAt = times.get(user_id)
      return seenAt === undefined || !isOfSameDay(seenAt, now)
    }
    await this.#people.record(unrecorded.filter(isDue), now, signal)
    for (const { user_id } of unrecorded) this.#recorded.add(user_id)
  }
}
