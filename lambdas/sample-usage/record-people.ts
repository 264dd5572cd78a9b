import { isDue, isOfSameDay, type Sighting, selectUnrecorded, updateEntry } from '../../core/people/directory.ts'
import type { PeopleDirectory } from '../../core/ports/people-directory.ts'

/** People who are looked up and recorded in one run. Further ones follow a minute later. */
const maxPeople = 1000
/** ms after which a person without a name is looked up again. The time doubles, since some people have no name. */
const firstRetryMs = 60_000

type Retry = { readonly at: number; readonly delayMs: number }

/** Remembers who has been recorded today, so that lookups are rare. */
export class PeopleRecorder {
  readonly #people: PeopleDirectory
  readonly #recorded = new Set<string>()
  /** When people without a name are looked up again, by user id. */
  readonly #nameless = new Map<string, Retry>()
  #lastAt = 0

  constructor(people: PeopleDirectory) {
    this.#people = people
  }

  /** Records those present whose entry is not of today (UTC), or has no name. @param now ms since 1970. */
  async record(present: readonly Sighting[], now: number, signal?: AbortSignal): Promise<void> {
    this.#forget(now)
    const wanted = this.#select(present, now)
    if (wanted.length === 0) return
    const userIds = wanted.map(({ user_id }) => user_id)
    const entries = await this.#people.readEntries(userIds, signal)
    const due = wanted.filter(({ user_id }) => isDue(entries.get(user_id), now))
    const names = await this.#people.readNames(due, signal)
    const updates = due.flatMap((sighting) => {
      const { user_id } = sighting
      return updateEntry(entries.get(user_id), sighting, { name: names.get(user_id), now }) ?? []
    })
    await this.#people.write(updates, signal)
    for (const userId of userIds) this.#recorded.add(userId)
    const named = new Set(updates.filter(({ user_name }) => user_name !== null).map(({ user_id }) => user_id))
    for (const { user_id } of due) this.#scheduleRetry(user_id, named.has(user_id), now)
  }

  /** Forgets everybody on a new day. */
  #forget(now: number): void {
    if (!isOfSameDay(this.#lastAt, now)) {
      this.#recorded.clear()
      this.#nameless.clear()
    }
    this.#lastAt = now
  }

  /** Selects those who are not recorded, and then people without a name whose time has come. */
  #select(present: readonly Sighting[], now: number): Sighting[] {
    const unrecorded = selectUnrecorded(present, this.#recorded, maxPeople)
    const nameless = present.filter(({ user_id }) => (this.#nameless.get(user_id)?.at ?? now + 1) <= now)
    return [...unrecorded, ...selectUnrecorded(nameless, new Set(), maxPeople - unrecorded.length)]
  }

  #scheduleRetry(userId: string, hasName: boolean, now: number): void {
    const delayMs = (this.#nameless.get(userId)?.delayMs ?? firstRetryMs / 2) * 2
    if (hasName) this.#nameless.delete(userId)
    else this.#nameless.set(userId, { at: now + delayMs, delayMs })
  }
}
