import type { SeededRandom } from '../seeded-random.ts'
import type { CallbackParameters } from '../sign-callback.ts'
import type {
  ScriptedEvent,
  ScriptedOpening,
  ScriptedRecording,
  ScriptedRoom,
  ScriptedVisit,
  ScriptedWarning,
} from './school.ts'

/** Collects what the script says, and the events about it. */
export class ScriptRecorder {
  readonly visits: ScriptedVisit[] = []
  readonly openings: ScriptedOpening[] = []
  readonly recordings: ScriptedRecording[] = []
  readonly warnings: ScriptedWarning[] = []
  readonly rooms: ScriptedRoom[] = []
  readonly #events: ScriptedEvent[] = []
  readonly #random: SeededRandom

  /** @param random generates the trace ids. */
  constructor(random: SeededRandom) {
    this.#random = random
  }

  /** @param at ms since 1970: when the callback is received. */
  send(at: number, parameters: CallbackParameters): void {
    this.#add(at, 'callback', { ...parameters, trace_id: this.#createTraceId() })
  }

  /** @param at ms since 1970: when the correction takes effect. */
  correct(at: number, parameters: CallbackParameters): void {
    this.#add(at, 'reconcile', { ...parameters, trace_id: `reconcile-${this.#createTraceId()}` })
  }

  /** The events in the order of time. */
  listEvents(): ScriptedEvent[] {
    return this.#events.toSorted((one, other) => one.receivedAt - other.receivedAt)
  }

  #add(at: number, source: ScriptedEvent['source'], parameters: CallbackParameters): void {
    this.#events.push({ receivedAt: Math.round(at), source, parameters })
  }

  #createTraceId(): string {
    const digits = Array.from({ length: 32 }, () => this.#random.nextInteger(0, 15).toString(16)).join('')
    return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  }
}
