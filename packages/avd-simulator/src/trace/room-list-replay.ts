import { SeededRandom } from '../seeded-random.ts'
import { uniform } from './distributions.ts'
import { isWithin, planEpisodes } from './episodes.ts'
import type { InstallationTrace, Interval, TrueOpening } from './trace.ts'

/** How the platform's room list deviates from what is true. */
export interface RoomListOptions {
  readonly seed: number
  /** ms: the list shows a moment up to this long ago. */
  readonly maxStalenessMs: number
  /** Share of the requests that fail. */
  readonly failedShare: number
  /** Episodes on each day, in working hours, in which the list is empty. */
  readonly emptyEpisodesPerDay: number
  /** Episodes on each day, in working hours, in which the rooms of one server are missing. */
  readonly partialEpisodesPerDay: number
  readonly minEpisodeMs: number
  readonly maxEpisodeMs: number
}

export const defaultRoomListOptions: RoomListOptions = {
  seed: 1,
  maxStalenessMs: 10_000,
  failedShare: 0,
  emptyEpisodesPerDay: 0,
  partialEpisodesPerDay: 0,
  minEpisodeMs: 60_000,
  maxEpisodeMs: 6 * 60_000,
}

/** A room of the list. */
export interface RoomListEntry {
  readonly room_id: string
  readonly users: readonly { readonly user_id: string }[]
}

type Change = { readonly at: number } & (
  | { readonly kind: 'open'; readonly room_id: string; readonly server: string }
  | { readonly kind: 'close'; readonly room_id: string }
  | { readonly kind: 'join' | 'leave'; readonly room_id: string; readonly user_id: string }
)

/** Responds to requests for the room list of a trace. Requests must come in order and at least the staleness apart. */
export class RoomListReplay {
  readonly #options: RoomListOptions
  readonly #random: SeededRandom
  readonly #changes: readonly Change[]
  readonly #emptyEpisodes: readonly Interval[]
  readonly #partialEpisodes: readonly (Interval & { readonly server: string })[]
  readonly #rooms = new Map<string, { readonly server: string; readonly users: Set<string> }>()
  #applied = 0
  #listedAt = Number.NEGATIVE_INFINITY

  constructor(trace: InstallationTrace, given: Partial<RoomListOptions> = {}) {
    const options = { ...defaultRoomListOptions, ...given }
    const { emptyEpisodesPerDay, partialEpisodesPerDay, minEpisodeMs, maxEpisodeMs } = options
    const random = new SeededRandom(options.seed)
    this.#options = options
    this.#random = random
    this.#changes = changesOf(trace)
    this.#emptyEpisodes = planEpisodes(random, trace, emptyEpisodesPerDay, minEpisodeMs, maxEpisodeMs)
    this.#partialEpisodes = planEpisodes(random, trace, partialEpisodesPerDay, minEpisodeMs, maxEpisodeMs).map(
      (episode) => ({ ...episode, server: random.pick(trace.servers) ?? '' }),
    )
  }

  /**
   * @param at ms since 1970
   * @returns undefined if the request fails.
   * @throws Error if the request comes too early after the one before.
   */
  list(at: number): RoomListEntry[] | undefined {
    const listedAt = at - uniform(this.#random, 0, this.#options.maxStalenessMs)
    if (listedAt < this.#listedAt) throw new Error('requests for the room list must be further apart')
    this.#listedAt = listedAt
    this.#advanceTo(listedAt)
    if (this.#random.nextBoolean(this.#options.failedShare)) return undefined
    if (isWithin(this.#emptyEpisodes, at)) return []
    const absentServers = new Set(
      this.#partialEpisodes.filter((episode) => isWithin([episode], at)).map(({ server }) => server),
    )
    return [...this.#rooms]
      .filter(([, { server }]) => !absentServers.has(server))
      .map(([room_id, { users }]) => ({ room_id, users: Array.from(users, (user_id) => ({ user_id })) }))
  }

  #advanceTo(at: number): void {
    for (let change = this.#changes[this.#applied]; change !== undefined && change.at <= at; ) {
      this.#apply(change)
      this.#applied += 1
      change = this.#changes[this.#applied]
    }
  }

  #apply(change: Change): void {
    const { kind, room_id } = change
    if (kind === 'open') this.#rooms.set(room_id, { server: change.server, users: new Set() })
    else if (kind === 'close') this.#rooms.delete(room_id)
    else if (kind === 'join') this.#rooms.get(room_id)?.users.add(change.user_id)
    else this.#rooms.get(room_id)?.users.delete(change.user_id)
  }
}

/** At the same time, ends come before starts, and a room opens before its users join. */
const ranks: Readonly<Record<Change['kind'], number>> = { leave: 0, close: 1, open: 2, join: 3 }

function changesOf({ truth }: InstallationTrace): Change[] {
  const openings = truth.openings.flatMap(({ room_id, server, from, to }: TrueOpening): Change[] => [
    { kind: 'open', room_id, server, at: from },
    { kind: 'close', room_id, at: to },
  ])
  const presences = truth.presences.flatMap(({ room_id, user_id, from, to }): Change[] => [
    { kind: 'join', room_id, user_id, at: from },
    { kind: 'leave', room_id, user_id, at: to },
  ])
  return [...openings, ...presences].sort((a, b) => a.at - b.at || ranks[a.kind] - ranks[b.kind])
}
