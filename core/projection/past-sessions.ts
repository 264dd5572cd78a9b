import type { Step } from '../state/fold.ts'
import type { Session, SessionEnd } from '../state/participant.ts'

/** A stay that another one of the same person in the same room has followed: the state holds it no more. */
export type PastSession = Session & {
  readonly end: SessionEnd
  /** By which the person went then. */
  readonly user_name: string | null
}

/** What is to be written of a past session, which is known by its person and its beginning (ms); null: there is none. */
export type PastSessionChange = { readonly joined_at: number; readonly session: PastSession | null }

/** The stays that ended before others began in these steps of one person's history, in order. */
export function collectPastSessions(steps: readonly Step[]): PastSession[] {
  return steps.flatMap(({ event, before }) => {
    if (event?.data.event !== 'join' || before?.kind !== 'participant') return []
    const { session, user_name } = before
    return session === null || session.end === null ? [] : [{ ...session, end: session.end, user_name }]
  })
}

/**
 * What makes the past sessions that are `written` the `correct` ones.
 *
 * @param since ms: what began before that is beyond what the log remembers, and stays.
 */
export function diffPastSessions(
  written: ReadonlyMap<number, PastSession>,
  correct: readonly PastSession[],
  since: number,
): PastSessionChange[] {
  const wanted = new Map(correct.map((session) => [session.joined_at, session]))
  const changed = correct.filter((session) => !isSame(written.get(session.joined_at), session))
  const gone = [...written.keys()].filter((joined_at) => joined_at >= since && !wanted.has(joined_at))
  return [
    ...changed.map((session) => ({ joined_at: session.joined_at, session })),
    ...gone.map((joined_at) => ({ joined_at, session: null })),
  ]
}

function isSame(one: PastSession | undefined, other: PastSession): boolean {
  return one !== undefined && textOf(one) === textOf(other)
}

/** The same for the same session, whatever the order of its attributes. */
function textOf({ joined_at, start_estimated, endpoint_type, reconnects, end, user_name }: PastSession): string {
  return JSON.stringify([
    joined_at,
    start_estimated,
    endpoint_type,
    reconnects,
    user_name,
    end.at,
    end.reason,
    end.estimated,
  ])
}
