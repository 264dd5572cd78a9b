import { isWithin, type Period } from '../../core/ports/period.ts'
import type { TimelineEntry } from '../../core/ports/room-reader.ts'
import { probeEvent } from '../../core/protocol/probe.ts'
import { compareSources, type ReplaySource } from './position.ts'

/** The message about a session that a close ended. It is not in the log, but follows from the close. */
const sessionEnded = 'session_ended'

/** Which events to publish. */
export type ReplayFilter = {
  readonly room_id: string | undefined
  /** Undefined for all events. */
  readonly events: ReadonlySet<string> | undefined
  /** By time of receipt. */
  readonly period: Period
}

/** Whether an entry of the log is published: quarantined events were never applied, and no subscriber needs probes. */
export function isPublished({ event, quarantined }: TimelineEntry): boolean {
  return quarantined === undefined && event.event !== probeEvent
}

/** @param event the name of an event of the log, or `session_ended`. */
export function isSelected(event: string, { events }: Pick<ReplayFilter, 'events'>): boolean {
  return events === undefined || events.has(event)
}

/** What there is to publish. */
export class Census {
  readonly #filter: ReplayFilter
  readonly #sources = new Map<string, ReplaySource>()
  readonly #events = new Map<string, number>()
  /** Number of logged events that have to be read. */
  logged = 0
  /** Number of logged events that are never published. */
  unpublished = 0
  /** Number of closes whose `session_ended` messages are selected. */
  closes = 0

  constructor(filter: ReplayFilter) {
    this.#filter = filter
  }

  add(entry: TimelineEntry): void {
    const { event } = entry
    const source = sourceOf(event.data)
    if (source === undefined || !isWithin(event.received_at, this.#filter.period)) return
    this.logged++
    if (!isPublished(entry)) {
      this.unpublished++
      return
    }
    const isCause = event.event === 'close' && isSelected(sessionEnded, this.#filter)
    if (!isCause && !isSelected(event.event, this.#filter)) return
    if (isCause) this.closes++
    this.#sources.set(JSON.stringify(source), source)
    if (isSelected(event.event, this.#filter)) this.#events.set(event.event, (this.#events.get(event.event) ?? 0) + 1)
  }

  /** In the order in which they are published. */
  sources(): ReplaySource[] {
    return [...this.#sources.values()].sort(compareSources)
  }

  /** The numbers of selected events by name, the largest first. */
  events(): Record<string, number> {
    return Object.fromEntries([...this.#events].sort(([, one], [, other]) => other - one))
  }

  get selected(): number {
    return [...this.#events.values()].reduce((sum, count) => sum + count, 0)
  }
}

function sourceOf(data: TimelineEntry['event']['data']): ReplaySource | undefined {
  if ('box_code' in data) return { kind: 'box', id: data.box_code }
  return 'room_id' in data && data.room_id ? { kind: 'room', id: data.room_id } : undefined
}
