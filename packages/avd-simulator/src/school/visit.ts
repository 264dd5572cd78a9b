import type { SeededRandom } from '../seeded-random.ts'
import { uniform } from '../trace/distributions.ts'
import type { ScriptedUser, ScriptedVisit } from './school.ts'
import type { ScriptRecorder } from './script-recorder.ts'

const secondMs = 1000
const minuteMs = 60 * secondMs

/** What happens in a visit besides its beginning and end. */
export type VisitKind =
  | 'plain'
  | 'reconnect'
  | 'reconnect_twice'
  | 'second_device_kicked_first'
  | 'second_device_kicked_later'
  | 'reload_leave_first'
  | 'reload_join_first'
  | 'step_out'
  | 'rename'
  | 'killed'
  | 'server_kick'
  | 'join_lost'
  | 'leave_lost'

/**
 * How a visit ends. `crash`: it is never announced. `nothing`: the user is still there at the end of the script.
 * `at`: ms since 1970.
 */
export type VisitEnd = { readonly by: 'leave' | 'close' | 'crash' | 'nothing'; readonly at: number }

export type VisitPlan = {
  readonly room_id: string
  readonly user: ScriptedUser
  readonly from: number
  readonly end: VisitEnd
  readonly kind: VisitKind
  /** ms since 1970: when a crash of the media server interrupts the visit. The user is back within a minute. */
  readonly interruptedAt?: number | undefined
}

const endpointTypes = ['web', 'web', 'win', 'win', 'ios', 'android', 'mac', 'weixin', 'pstn', 'h323']
const audioShare = 0.35
const videoShare = 0.3

/** A sweep that misses someone starts so long after they have gone, takes the end as so long before it, and corrects so long after it. */
const sweep = { startsAfterMs: 40 * secondMs, effectiveBeforeMs: 30 * secondMs, correctsAfterMs: 2 * minuteMs }

/** When the receiver takes an end that was never announced to have been, and until when it shows what has ended. */
export function inferEnd(endedAt: number): { readonly to: number; readonly shownUntil: number } {
  const sweptAt = endedAt + sweep.startsAfterMs
  return { to: sweptAt - sweep.effectiveBeforeMs, shownUntil: sweptAt + sweep.correctsAfterMs }
}

/** In shorter visits nothing else happens. */
const minEventfulMs = 15 * minuteMs
/** An end that is never announced has to be corrected before the room closes. */
const leavesEarlierMs = 6 * minuteMs

/** Writes the visit, or the two visits, of a user, with its events. */
export function writeVisit(recorder: ScriptRecorder, random: SeededRandom, plan: VisitPlan): void {
  new VisitWriter(recorder, random, plan).write()
}

type Draft = Pick<ScriptedVisit, 'from' | 'endpoint_type'> & {
  readonly reconnects: number
  readonly estimated: boolean
}

class VisitWriter {
  readonly #recorder: ScriptRecorder
  readonly #random: SeededRandom
  readonly #plan: VisitPlan
  #endpointType: string
  #userName: string | null
  #draft: Draft | undefined

  constructor(recorder: ScriptRecorder, random: SeededRandom, plan: VisitPlan) {
    this.#recorder = recorder
    this.#random = random
    this.#plan = plan
    this.#endpointType = this.#pickEndpointType()
    this.#userName = plan.user.user_name
  }

  write(): void {
    const { from, end } = this.#plan
    const kind = end.at - from < minEventfulMs ? 'plain' : this.#plan.kind
    if (kind === 'join_lost') this.#beginUnannounced(from)
    else this.#join(from)
    this.#happen(kind)
    this.#end(kind)
  }

  #happen(kind: VisitKind): void {
    const { from, end, interruptedAt } = this.#plan
    if (interruptedAt !== undefined) this.#join(Math.round(interruptedAt + uniform(this.#random, 5_000, 50_000)))
    // Well away from the beginning, the end, and an interruption in the middle.
    const at = Math.round(uniform(this.#random, from + 3 * minuteMs, from + (end.at - from) * 0.4))
    const happenings: Partial<Record<VisitKind, () => void>> = {
      reconnect: () => this.#reconnect(at),
      reconnect_twice: () => {
        this.#reconnect(at)
        this.#reconnect(at + 40 * secondMs)
      },
      second_device_kicked_first: () => this.#changeDevice(at + 2 * secondMs, at),
      second_device_kicked_later: () => this.#changeDevice(at, at + 2 * secondMs),
      reload_leave_first: () => this.#stepOut(at, 3 * secondMs),
      reload_join_first: () => {
        this.#join(at)
        this.#sendLeave(at + 400, 'normal')
        this.#publish(at + 1500, 'desktop')
      },
      step_out: () => this.#stepOut(at, 4 * minuteMs),
      rename: () => this.#rename(at),
    }
    happenings[kind]?.()
  }

  #end(kind: VisitKind): void {
    const { by, at } = this.#plan.end
    if (by === 'nothing') this.#finish(null, null)
    else if (by === 'crash') this.#vanish(at)
    else if (kind === 'leave_lost') this.#vanish(at - leavesEarlierMs)
    else if (by === 'close') this.#finish(at, 'room_closed')
    else if (kind === 'killed') this.#leave(at, 'offline', 'offline')
    else if (kind === 'server_kick') this.#leave(at, 'serverKick', 'server_kick')
    else this.#leave(at, 'normal', 'normal')
  }

  #leave(at: number, event_type: string, leave_reason: string): void {
    this.#sendLeave(at, event_type)
    this.#finish(at, leave_reason)
  }

  #join(at: number): void {
    const { user_id } = this.#plan.user
    const name = this.#userName === null ? {} : { user_name: this.#userName }
    const client = { endpoint_type: this.#endpointType, ...name }
    this.#send(at, { event: 'join', user_id, event_type: 'normal', ...client })
    const draft = this.#draft
    this.#draft =
      draft === undefined
        ? { from: at, endpoint_type: this.#endpointType, reconnects: 0, estimated: false }
        : { ...draft, endpoint_type: this.#endpointType, reconnects: draft.reconnects + 1 }
    if (this.#random.nextBoolean(audioShare)) this.#publish(at + 700, 'audio')
    if (this.#random.nextBoolean(videoShare)) this.#publish(at + 900, 'video')
  }

  /** The `join` is lost, so that a stream is the first that the receiver hears of the user. */
  #beginUnannounced(at: number): void {
    this.#userName = null
    this.#publish(at, 'audio')
    this.#draft = { from: at, endpoint_type: null, reconnects: 0, estimated: true }
  }

  /** The client joins again, and the heartbeat of its old connection times out later. */
  #reconnect(at: number): void {
    this.#join(at)
    this.#sendLeave(at + 20 * secondMs, 'offline')
  }

  #changeDevice(joinedAt: number, kickedAt: number): void {
    this.#endpointType = this.#pickEndpointType()
    this.#join(joinedAt)
    this.#sendLeave(kickedAt, 'clientKick')
  }

  #stepOut(at: number, pauseMs: number): void {
    this.#leave(at, 'normal', 'normal')
    this.#join(at + pauseMs)
  }

  #rename(at: number): void {
    this.#userName = `${this.#userName ?? ''}（改名）`
    const { user_id } = this.#plan.user
    this.#send(at, { event: 'update', user_id, event_type: 'userInfo', user_name: this.#userName })
  }

  /** The user is gone, and a sweep finds out. */
  #vanish(at: number): void {
    const { to, shownUntil } = inferEnd(at)
    const { room_id, user } = this.#plan
    this.#recorder.correct(to, { event: 'leave', room_id, user_id: user.user_id, event_type: 'reconciled' })
    this.#finish(to, 'reconciled', shownUntil)
  }

  #finish(to: number | null, leave_reason: string | null, shownUntil = to): void {
    if (this.#draft === undefined) return
    const { room_id, user } = this.#plan
    const { estimated, ...draft } = this.#draft
    const isInferred = estimated || leave_reason === 'reconciled'
    const visit = { room_id, user_id: user.user_id, user_name: this.#userName, ...draft }
    this.#recorder.visits.push({ ...visit, to, shownUntil, leave_reason, estimated: isInferred })
    this.#draft = undefined
  }

  #publish(at: number, stream_type: 'audio' | 'video' | 'desktop'): void {
    const { user_id } = this.#plan.user
    const stream_id = `s${this.#random.nextInteger(100_000, 999_999)}`
    this.#send(at, { event: 'publish', user_id, stream_type, stream_id })
  }

  #sendLeave(at: number, event_type: string): void {
    this.#send(at, { event: 'leave', user_id: this.#plan.user.user_id, event_type })
  }

  #send(at: number, parameters: Readonly<Record<string, string>>): void {
    this.#recorder.send(at, { ...parameters, room_id: this.#plan.room_id })
  }

  #pickEndpointType(): string {
    return this.#random.pick(endpointTypes) ?? 'web'
  }
}
