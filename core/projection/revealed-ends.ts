import { hasSameEnd, isEnd } from '../notifications/room-event.ts'
import { voidWindowMs } from '../state/estimates.ts'
import type { Step } from '../state/fold.ts'
import { timeOfOrder } from '../state/order.ts'
import { initialState, type ParticipantState } from '../state/participant-state.ts'
import type { PastSession } from '../state/session.ts'
import { findPastSessionChanges } from './past-sessions.ts'

/**
 * Finds leaves and closes that ended a session although they ended none in their own step: an estimated end came before them, and a
 * later event shows it to be void (docs/contract.md, sections 4 and 7).
 */
export class RevealedEnds {
  /** The leaves and closes that an event may still show to have ended a session. */
  #candidates: readonly Step[] = []
  readonly #steps = new Map<string, Step>()
  #isComplete = true

  /** By order key: each such leave or close, with the session that it ended. */
  get steps(): ReadonlyMap<string, Step> {
    return this.#steps
  }

  /** False if one of them is earlier than the steps that were added. */
  get isComplete(): boolean {
    return this.#isComplete
  }

  /** @param step the next one of a participant's history. */
  add(step: Step): void {
    const { order, before, after } = step
    if (before?.kind !== 'participant' || after?.kind !== 'participant' || before.undecided_ends === undefined) {
      this.#candidates = []
    } else if (isEnd(step)) {
      const since = timeOfOrder(order) - voidWindowMs
      this.#candidates = [...this.#candidates.filter((other) => timeOfOrder(other.order) >= since), step]
    } else for (const session of findOtherEnds(step, before, after)) this.#reveal(session)
  }

  #reveal(session: PastSession): void {
    const step = this.#candidates.find((candidate) => isEndOf(session, candidate))
    if (step === undefined) this.#isComplete = false
    else {
      const { user_name } = session
      this.#steps.set(step.order, { ...step, before: undefined, after: { ...initialState, user_name, session } })
    }
  }
}

/** The sessions to which an event that ends none itself gives another end. */
function findOtherEnds(step: Step, before: ParticipantState, { session, user_name }: ParticipantState): PastSession[] {
  const current = session?.end == null ? [] : [{ ...session, end: session.end, user_name }]
  const past = findPastSessionChanges(step).flatMap((change) => change.session ?? [])
  const known = [before.session, ...(before.past_sessions ?? [])]
  return [...current, ...past].filter((ended) => !ended.end.estimated && !known.some((one) => hasSameEnd(one, ended)))
}

function isEndOf({ end }: PastSession, { order, event }: Step): boolean {
  if (timeOfOrder(order) !== end.at) return false
  if (event === undefined) return end.reason === 'room_closed'
  return event.data.event === 'leave' && event.data.event_type === end.reason
}
