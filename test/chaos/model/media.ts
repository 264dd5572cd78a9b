import { compareTexts, type ModelEvent, toleranceMs } from './logged-event.ts'

/** A stream or subscription that is on. */
export interface Medium {
  readonly stream_id: string
  readonly stream_type: string
  /** ms since 1970 */
  readonly since: number
}

interface MediumState extends Medium {
  readonly kind: 'publish' | 'sub'
  /** Of the latest publish or sub. */
  readonly repeatedAt: number
}

const streamTypes = ['audio', 'video', 'desktop']
const opposites = new Map([
  ['publish', 'unpublish'],
  ['sub', 'unsub'],
])

/** What one person publishes and receives (section 4, Stream and Subscription). */
export class MediaOfPerson {
  #on = new Map<string, MediumState>()
  /** What was on in this session. */
  #wasOn = new Set<string>()
  /** When what was on in the session before went off (ms). */
  #offBefore = new Map<string, number>()
  #offNow = new Map<string, number>()
  /** Media of someone who is not in the room, unless they are off again. */
  #early: ModelEvent[] = []
  /** When the last of them was switched on (ms). */
  #earlyAt = Number.NEGATIVE_INFINITY
  /** What switched one of them off, and so has not overtaken a publish. */
  readonly #offsOfEarly = new Set<ModelEvent>()

  /** @param earlier the person's events from T before, those before the join that the event belongs to included. */
  switchOn(event: ModelEvent, earlier: readonly ModelEvent[]): void {
    const { at } = event
    const key = keyOf(event)
    const existing = this.#on.get(key)
    if (existing !== undefined) {
      this.#on.set(key, { ...existing, repeatedAt: at })
      return
    }
    const staysOff = !this.#wasOn.has(key) && earlier.some((other) => this.#hasOvertaken(other, event, key))
    // One that stays off counts as having been on: an unpublish can overtake only one publish.
    this.#wasOn.add(key)
    if (staysOff) return
    const kind = event.name === 'sub' ? 'sub' : 'publish'
    this.#on.set(key, { ...identify(event), kind, since: at, repeatedAt: at })
  }

  /** Takes note of a publish or sub of someone who is not in the room, which has no effect yet. */
  awaitJoin(event: ModelEvent): void {
    if (event.at - this.#earlyAt > toleranceMs) this.#early = []
    this.#earlyAt = event.at
    this.#early.push(event)
  }

  /** Whether a publish or sub awaits a join, and nothing has switched it off. */
  isEarly(event: ModelEvent): boolean {
    return this.#early.includes(event)
  }

  switchOff(event: ModelEvent): void {
    const key = keyOf(event)
    if (event.at - this.#earlyAt <= toleranceMs) this.#switchOffEarly(event, key)
    this.#remove(key, event.at)
  }

  /** Section 4: "media published or subscribed more than T before it end". */
  reconnect(at: number): void {
    for (const [key, { repeatedAt }] of this.#on) if (repeatedAt < at - toleranceMs) this.#remove(key, at)
  }

  /** @returns what was on, for a session that may be resumed. */
  endSession(at: number): () => void {
    const before = new Map(this.#on)
    for (const key of before.keys()) this.#remove(key, at)
    return () => {
      this.#on = before
    }
  }

  beginSession(): void {
    this.#on = new Map()
    this.#wasOn = new Set()
    this.#offBefore = this.#offNow
    this.#offNow = new Map()
  }

  list(kind: 'publish' | 'sub'): Medium[] {
    return [...this.#on.values()]
      .filter((medium) => medium.kind === kind)
      .map(({ stream_id, stream_type, since }) => ({ stream_id, stream_type, since }))
      .sort((one, other) => compareTexts(JSON.stringify(one), JSON.stringify(other)))
  }

  /**
   * "one that comes within T before the publish of a stream that was never on switches that off", "unless the stream had been on in the
   * session, or less than 5 s ago in the session before: then the `unpublish` was a duplicate".
   */
  #hasOvertaken(off: ModelEvent, on: ModelEvent, key: string): boolean {
    if (!off.isGenuine || off.name !== opposites.get(on.name) || keyOf(off) !== key) return false
    if (this.#offsOfEarly.has(off)) return false
    const offAt = this.#offBefore.get(key)
    return offAt === undefined || off.at - offAt > toleranceMs
  }

  #switchOffEarly(off: ModelEvent, key: string): void {
    const others = this.#early.filter((media) => keyOf(media) !== key)
    if (others.length < this.#early.length) this.#offsOfEarly.add(off)
    this.#early = others
  }

  #remove(key: string, at: number): void {
    if (this.#on.delete(key)) this.#offNow.set(key, at)
  }
}

function keyOf(event: ModelEvent): string {
  const { stream_id, stream_type } = identify(event)
  return JSON.stringify([event.name.endsWith('sub'), stream_id, stream_type])
}

function identify({ params }: ModelEvent): Omit<Medium, 'since'> {
  const sent = (params.stream_type ?? '').toLowerCase()
  return { stream_id: params.stream_id ?? '', stream_type: streamTypes.includes(sent) ? sent : 'unknown' }
}
