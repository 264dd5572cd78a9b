import { OlderConnections } from './connections.ts'
import { isMediaOn, PersonHistory } from './evidence.ts'
import { type ModelEvent, minuteMs, toleranceMs } from './logged-event.ts'
import { MediaOfPerson, type Medium } from './media.ts'
import { beginSession, type ModelSession, type RunningSession, reasonOf, toEndpointType } from './session.ts'

/** What the events of one person in one room amount to. */
export interface ModelPerson {
  readonly userName: string | null
  readonly sessions: readonly ModelSession[]
  readonly streams: readonly Medium[]
  readonly subscriptions: readonly Medium[]
}

const nearEndMs = 10 * minuteMs
const nearStartMs = 5 * minuteMs

/**
 * Folds the history of one person in one room (section 4, Participant, Presence by evidence, Stream, Estimates).
 *
 * @param history the person's events and the closes of the room, in their order.
 */
export function foldPerson(history: readonly ModelEvent[]): ModelPerson {
  const fold = new PersonFold(history)
  for (const event of history) fold.apply(event)
  return fold.result()
}

class PersonFold {
  readonly #history: PersonHistory
  readonly #older: OlderConnections
  readonly #media = new MediaOfPerson()
  readonly #sessions: RunningSession[] = []
  /** Media that belong to the join that follows, and updates after them. */
  #early: ModelEvent[] = []
  #isThereByMedia = false
  #userName: string | null = null

  constructor(history: readonly ModelEvent[]) {
    this.#history = new PersonHistory(history)
    this.#older = new OlderConnections(this.#history)
  }

  apply(event: ModelEvent): void {
    if (event.name === 'join') this.#join(event)
    else if (event.name === 'leave') this.#leave(event)
    else if (event.name === 'close') this.#close(event)
    else if (event.name === 'update') this.#update(event)
    else if (isMediaOn(event)) this.#mediaOn(event)
    else if (event.name === 'unpublish' || event.name === 'unsub') this.#mediaOff(event)
  }

  result(): ModelPerson {
    const sessions = this.#sessions.map(({ joinedAt, isStartEstimated, endpointType, userName, reconnects, end }) => {
      return { joinedAt, isStartEstimated, endpointType, userName, reconnects, end }
    })
    return {
      userName: this.#userName,
      sessions,
      streams: this.#media.list('publish'),
      subscriptions: this.#media.list('sub'),
    }
  }

  get #present(): RunningSession | undefined {
    const last = this.#sessions.at(-1)
    return last?.end === null ? last : undefined
  }

  #join(event: ModelEvent): void {
    const continues = this.#older.arrive(event)
    if (!event.isGenuine) this.#joinByEstimate(event)
    else if (this.#present === undefined) this.#begin(event, { isEstimated: false })
    else this.#joinPresent(event, this.#present, { continues })
  }

  /** @param continues whether the join continues the session after a kick, "as a new connection". */
  #joinPresent(event: ModelEvent, session: RunningSession, { continues }: { readonly continues: boolean }): void {
    // "a genuine join replaces an estimated start if it is the first genuine event of that session and within 5 minutes of it";
    // "events within 5 s before the join may have overtaken it and do not count"
    const isFirst =
      !continues && session.connections.length === 0 && session.genuineAt.every((at) => at >= event.at - toleranceMs)
    if (session.isStartEstimated && isFirst && event.at - session.joinedAt <= nearStartMs) {
      session.joinedAt = event.at
      session.isStartEstimated = false
    } else {
      session.reconnects += 1
      session.connections.push(this.#older.connect(event))
      this.#media.reconnect(event.at)
    }
    session.genuineAt.push(event.at)
    this.#mergeWithEarly(event)
  }

  /** "an estimated join within 10 minutes of an estimated end, nothing genuine in between, resumes that session with its media" */
  #joinByEstimate(event: ModelEvent): void {
    // "an estimated join while in the room changes nothing"; media that await their join prove presence as well.
    if (this.#present !== undefined || this.#isThereByMedia) return
    const last = this.#sessions.at(-1)
    if (last?.end?.isEstimated && !last.isFinal && event.at - last.end.at <= nearEndMs) {
      this.#resume(last)
    } else this.#begin(event, { isEstimated: true })
  }

  #begin(event: ModelEvent, { isEstimated }: { readonly isEstimated: boolean }): void {
    this.#media.beginSession()
    this.#sessions.push(beginSession(event, { isEstimated, userName: this.#userName }))
    this.#mergeWithEarly(event)
  }

  /** Merges a join, or the media that begin a session, and what came early and belongs to it. */
  #mergeWithEarly(event: ModelEvent): void {
    const early = this.#early
    this.#early = []
    this.#isThereByMedia = false
    // The name and endpoint type that the join carries are newer than those of its media.
    for (const merged of [...early, event]) this.#merge(merged)
    // "the state is as if they had come right after it"
    for (const media of early.filter((other) => this.#media.isEarly(other)))
      this.#media.switchOn(media, this.#history.between(media.at - toleranceMs, event))
  }

  #mediaOn(event: ModelEvent): void {
    const session = this.#present
    if (session !== undefined) {
      session.genuineAt.push(event.at)
      this.#merge(event)
      this.#media.switchOn(event, this.#history.between(event.at - toleranceMs, event))
      return
    }
    // "if the last end is estimated the rules for estimates hold": one that the event voids has had no effect.
    this.#media.awaitJoin(event)
    const isStraggler = this.#isStraggler(event)
    if (this.#history.belongsToJoin(event)) {
      this.#early.push(event)
      if (!isStraggler) this.#isThereByMedia = true
    } else if (!isStraggler) this.#beginByMedia(event)
  }

  #beginByMedia(event: ModelEvent): void {
    this.#begin(event, { isEstimated: true })
    this.#media.switchOn(event, this.#history.between(event.at - toleranceMs, event))
  }

  /** "if the last end is a genuine leave or close less than T ago it is a straggler and changes nothing" */
  #isStraggler(media: ModelEvent): boolean {
    const end = this.#sessions.at(-1)?.end
    return end != null && !end.isEstimated && media.at - end.at < toleranceMs
  }

  #mediaOff(event: ModelEvent): void {
    if (!event.isGenuine) return
    this.#present?.genuineAt.push(event.at)
    this.#media.switchOff(event)
  }

  #update(event: ModelEvent): void {
    if (!event.isGenuine) return
    const session = this.#present
    session?.genuineAt.push(event.at)
    if (session !== undefined) this.#merge(event)
    else {
      this.#mergeName(event)
      if (this.#early.length > 0) this.#early.push(event)
    }
  }

  #leave(event: ModelEvent): void {
    if (this.#hasNoEffect(event)) return
    this.#isThereByMedia = false
    const reason = reasonOf(event)
    const session = this.#sessions.at(-1)
    if (session === undefined) return
    if (session.end === null) {
      if (event.isGenuine && this.#older.own(event, reason, session.connections)) return
      this.#end(session, event, reason)
    } else if (event.isGenuine && session.end.isEstimated)
      this.#leaveAfterEstimate(session, session.end.at, event, reason)
  }

  /** "a genuine leave within 10 minutes of an estimated end replaces its time and reason", "unless it is the older connection's" */
  #leaveAfterEstimate(session: RunningSession, endedAt: number, event: ModelEvent, reason: string): void {
    const isNear = event.at - endedAt <= nearEndMs
    if (isNear && session.closedAt !== undefined) {
      // The leave shows that the estimated end was wrong, so the close in between ended the session.
      session.end = { at: session.closedAt, reason: 'room_closed', isEstimated: false }
    } else if (this.#older.own(event, reason, session.connections)) {
      // "or within T before a join, which then continues the session as a new connection"
      if (isNear && !session.isFinal && this.#older.isJoinAwaited) this.#resume(session)
      return
    } else if (isNear) {
      session.end = { at: event.at, reason, isEstimated: false }
      session.resumeMedia()
      session.resumeMedia = this.#media.endSession(event.at)
      this.#mergeLeave(session, event)
    }
    session.isFinal = true
  }

  #resume(session: RunningSession): void {
    session.end = null
    session.resumeMedia()
  }

  #close(event: ModelEvent): void {
    if (this.#hasNoEffect(event)) return
    this.#isThereByMedia = false
    const session = this.#sessions.at(-1)
    if (session === undefined) return
    if (session.end === null) {
      this.#end(session, event, 'room_closed')
      session.endedByClose = true
    } else if (event.isGenuine && session.end.isEstimated) {
      session.isFinal = true
      session.closedAt ??= event.at
      // "a genuine close replaces only an estimated end by a close"
      if (session.endedByClose && event.at - session.end.at <= nearEndMs)
        session.end = { at: event.at, reason: 'room_closed', isEstimated: false }
    }
  }

  /** An end that is void. Between a kick and the join that continues the session, only a genuine leave or close ends it. */
  #hasNoEffect(end: ModelEvent): boolean {
    const connections = this.#sessions.at(-1)?.connections ?? []
    const isReplacedBy = (leave: ModelEvent) =>
      leave.at - end.at <= nearEndMs && !this.#older.wouldOwn(leave, reasonOf(leave), connections)
    return this.#history.isVoid(end, isReplacedBy) || (!end.isGenuine && this.#older.isJoinAwaited)
  }

  #end(session: RunningSession, event: ModelEvent, reason: string): void {
    session.end = { at: event.at, reason, isEstimated: !event.isGenuine }
    session.endedByClose = false
    session.isFinal = false
    session.closedAt = undefined
    session.resumeMedia = this.#media.endSession(event.at)
    if (event.name === 'leave') this.#mergeLeave(session, event)
  }

  /** "after a new connection, a `leave` updates the name only" */
  #mergeLeave(session: RunningSession, event: ModelEvent): void {
    if (session.connections.length > 0) this.#mergeName(event)
    else this.#merge(event)
  }

  /** "`join`, `update`, `publish` and a `leave` that ends the session update the name and endpoint type that they carry" */
  #merge(event: ModelEvent): void {
    this.#mergeName(event)
    const session = this.#sessions.at(-1)
    const sent = event.params.endpoint_type
    if (session !== undefined && sent !== undefined) session.endpointType = toEndpointType(sent)
  }

  #mergeName({ params }: ModelEvent): void {
    if (params.user_name === undefined) return
    this.#userName = params.user_name
    const session = this.#sessions.at(-1)
    if (session !== undefined) session.userName = params.user_name
  }
}
