import type { SeededRandom } from '../seeded-random.ts'
import type { CallbackParameters } from '../sign-callback.ts'
import type { GroundTruth, Incident, IncidentKind, Interval, SentCallback } from './trace.ts'

interface Begun<Fact> {
  readonly fact: Fact
  readonly from: number
}

/** Records when facts of one kind begin and end. */
class FactRecorder<Fact extends object> {
  readonly #begun = new Map<string, Begun<Fact>>()
  readonly #intervals: (Fact & Interval)[] = []

  /** Does nothing if the fact with this key holds already. */
  begin(key: string, fact: Fact, at: number): void {
    if (!this.#begun.has(key)) this.#begun.set(key, { fact, from: at })
  }

  /** Does nothing if no fact with this key holds. */
  end(key: string, at: number): void {
    const begun = this.#begun.get(key)
    if (begun === undefined) return
    this.#begun.delete(key)
    if (at > begun.from) this.#intervals.push({ ...begun.fact, from: begun.from, to: at })
  }

  /** Ends everything that still holds. */
  finish(at: number): readonly (Fact & Interval)[] {
    for (const key of [...this.#begun.keys()]) this.end(key, at)
    return this.#intervals.toSorted((a, b) => a.from - b.from)
  }
}

type Fact<Name extends keyof GroundTruth> = Omit<GroundTruth[Name][number], keyof Interval>

/** Records the callbacks that are sent and what is true meanwhile. */
export class TraceRecorder {
  readonly openings = new FactRecorder<Fact<'openings'>>()
  readonly presences = new FactRecorder<Fact<'presences'>>()
  readonly media = new FactRecorder<Fact<'media'>>()
  readonly callbacks: SentCallback[] = []
  readonly incidents: Incident[] = []
  readonly #random: SeededRandom

  /** @param random generates the trace ids. */
  constructor(random: SeededRandom) {
    this.#random = random
  }

  /** @param sentAt ms since 1970, not earlier than that of the callback before. */
  send(sentAt: number, parameters: CallbackParameters): void {
    this.callbacks.push({ sentAt, parameters: { ...parameters, trace_id: this.#createTraceId() } })
  }

  addIncident(at: number, kind: IncidentKind, { room_id, user_id }: Pick<Incident, 'room_id' | 'user_id'>): void {
    this.incidents.push({ at, room_id, user_id, kind })
  }

  finish(endAt: number): GroundTruth {
    return {
      openings: this.openings.finish(endAt),
      presences: this.presences.finish(endAt),
      media: this.media.finish(endAt),
    }
  }

  #createTraceId(): string {
    const hex = Array.from({ length: 4 }, () =>
      Math.floor(this.#random.next() * 2 ** 32)
        .toString(16)
        .padStart(8, '0'),
    )
    return hex.join('').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  }
}
