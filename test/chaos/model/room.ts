import { compareEvents, type ModelEvent, minuteMs, toleranceMs } from './logged-event.ts'
import type { ModelSession } from './session.ts'

/** Times are ms since 1970. */
export interface ModelRoom {
  readonly name: string | null
  readonly status: 'open' | 'closed'
  readonly openedAt: number | null
  readonly closedAt: number | null
  readonly closeReason: string | null
  readonly reopened: number
  readonly present: number
  readonly isEstimated: boolean
}

const voidWithinMs = 30 * minuteMs
const nearEndMs = 10 * minuteMs
const nearStartMs = 5 * minuteMs

const closeReasons = ['user', 'auto']
const activities = [
  'open',
  'join',
  'leave',
  'publish',
  'unpublish',
  'sub',
  'unsub',
  'update',
  'start_record',
  'stop_record',
]

type Moment =
  | { readonly kind: 'event'; readonly at: number; readonly event: ModelEvent }
  | { readonly kind: 'came'; readonly at: number }
  | { readonly kind: 'left'; readonly at: number }

/**
 * Folds a room (section 4, Room and Estimates).
 *
 * @param history `open`, `close` and `name_room` of the room, in their order.
 * @param others all other events with this room, in their order.
 * @param sessions of everybody in the room.
 */
export function foldRoom(
  history: readonly ModelEvent[],
  others: readonly ModelEvent[],
  sessions: readonly ModelSession[],
): ModelRoom {
  const activity = [...history, ...others].filter(isActivity).sort(compareEvents)
  const fold = new RoomFold(activity)
  const moments = listMoments(
    history.filter((event) => !isVoidClose(event, activity, sessions)),
    sessions,
  )
  for (const moment of moments) fold.apply(moment)
  return fold.result()
}

/** "An event in the room is one of a participant, of a recording that starts or stops, or an `open`" */
function isActivity({ name, isGenuine }: ModelEvent): boolean {
  return isGenuine && activities.includes(name)
}

/**
 * "an estimated `close` that a genuine event in the room follows within 30 minutes is void"; "if a sweep brings someone back whose
 * session the close had ended, the close is void too".
 */
function isVoidClose(close: ModelEvent, activity: readonly ModelEvent[], sessions: readonly ModelSession[]): boolean {
  if (close.name !== 'close' || close.isGenuine) return false
  const follows = (event: ModelEvent) => compareEvents(event, close) > 0 && event.at - close.at <= voidWithinMs
  const goesOn = ({ joinedAt, end }: ModelSession) => joinedAt <= close.at && (end === null || end.at > close.at)
  return activity.some(follows) || sessions.some(goesOn)
}

/** The events of the room, and when people came and left. Who leaves with a close has left when it takes effect. */
function listMoments(history: readonly ModelEvent[], sessions: readonly ModelSession[]): Moment[] {
  const moments: Moment[] = [
    ...history.map((event) => ({ kind: 'event' as const, at: event.at, event })),
    ...sessions.map(({ joinedAt }) => ({ kind: 'came' as const, at: joinedAt })),
    ...sessions.flatMap(({ end }) => (end === null ? [] : [{ kind: 'left' as const, at: end.at }])),
  ]
  const rankOf = (moment: Moment) => {
    if (moment.kind !== 'event') return moment.kind === 'came' ? 1 : 3
    return moment.event.name === 'open' ? 0 : 2
  }
  return moments.sort((one, other) => one.at - other.at || rankOf(one) - rankOf(other) || compareBoth(one, other))
}

function compareBoth(one: Moment, other: Moment): number {
  return one.kind === 'event' && other.kind === 'event' ? compareEvents(one.event, other.event) : 0
}

class RoomFold {
  readonly #activity: readonly ModelEvent[]
  #name: string | null = null
  #isOpen = false
  /** Whether the opening was inferred from people, without an `open`. */
  #isInferred = false
  #openedAt: number | null = null
  #isStartEstimated = false
  #end: { readonly at: number; readonly reason: string; readonly isEstimated: boolean; isInferred: boolean } | null =
    null
  #reopened = 0
  #present = 0

  constructor(activity: readonly ModelEvent[]) {
    this.#activity = activity
  }

  apply(moment: Moment): void {
    if (moment.kind === 'came') this.#come(moment.at)
    else if (moment.kind === 'left') this.#leave(moment.at)
    else if (moment.event.name === 'close') this.#close(moment.event)
    else if (moment.event.name === 'name_room') this.#rename(moment.event)
    else if (moment.event.isGenuine) this.#open(moment.event)
    else this.#openByEstimate(moment.event)
  }

  result(): ModelRoom {
    return {
      name: this.#name,
      status: this.#isOpen ? 'open' : 'closed',
      openedAt: this.#openedAt,
      closedAt: this.#end?.at ?? null,
      closeReason: this.#end?.reason ?? null,
      reopened: this.#reopened,
      present: this.#present,
      isEstimated: this.#isStartEstimated || (this.#end?.isEstimated ?? false),
    }
  }

  #rename({ isGenuine, params }: ModelEvent): void {
    if (!isGenuine) this.#name = params.room_name ?? this.#name
  }

  /** "If people come into a room whose last event is not an `open`, it is open, `estimated`, since the first session" */
  #come(at: number): void {
    this.#present += 1
    if (this.#isOpen) return
    // "if someone comes within 30 minutes after that, the opening continues"
    if (this.#end?.isInferred && at - this.#end.at <= voidWithinMs) this.#resume()
    else this.#begin(at, { isEstimated: true })
    this.#isInferred = true
  }

  /** "It is closed, `estimated`, with the reason `auto`, when the last of them leaves" */
  #leave(at: number): void {
    this.#present -= 1
    if (!this.#isOpen || !this.#isInferred || this.#present > 0) return
    this.#isOpen = false
    this.#end = { at, reason: 'auto', isEstimated: true, isInferred: true }
  }

  #open(event: ModelEvent): void {
    if (!this.#isOpen) this.#begin(event.at, { isEstimated: false })
    else if (this.#replacesStart(event)) {
      this.#openedAt = event.at
      this.#isStartEstimated = false
    } else this.#reopened += 1
    this.#isInferred = false
  }

  /** "if it is the first genuine event in the room since then and comes within 5 minutes" */
  #replacesStart(event: ModelEvent): boolean {
    const start = this.#openedAt
    if (!this.#isStartEstimated || start === null || event.at - start > nearStartMs) return false
    return !this.#activity.some(({ at }) => at >= start && at < event.at - toleranceMs)
  }

  /** "an estimated `open` within 10 minutes after an estimated closing, inferred ones included, resumes that opening" */
  #openByEstimate(event: ModelEvent): void {
    if (this.#isOpen) return
    if (this.#end?.isEstimated && this.#openedAt !== null && event.at - this.#end.at <= nearEndMs) this.#resume()
    else this.#begin(event.at, { isEstimated: true })
    this.#isInferred = false
  }

  #close(event: ModelEvent): void {
    const sent = event.params.event_type?.toLowerCase() ?? ''
    // "Only events from a sweep can set the reason `reconciled`."
    const isKnown = closeReasons.includes(sent) || (!event.isGenuine && sent === 'reconciled')
    const reason = isKnown ? sent : 'unknown'
    const end = { at: event.at, reason, isEstimated: !event.isGenuine, isInferred: false }
    if (this.#isOpen || this.#end === null) {
      this.#isOpen = false
      this.#end = end
      return
    }
    // "a genuine `close` within 10 minutes after an estimated closing replaces its time and reason"
    if (event.isGenuine && this.#end.isEstimated && event.at - this.#end.at <= nearEndMs) this.#end = end
    // "since the first session that began after the last close"
    else this.#end.isInferred = false
  }

  #begin(at: number, { isEstimated }: { readonly isEstimated: boolean }): void {
    this.#isOpen = true
    this.#openedAt = at
    this.#isStartEstimated = isEstimated
    this.#end = null
    this.#reopened = 0
  }

  #resume(): void {
    this.#isOpen = true
    this.#end = null
  }
}
