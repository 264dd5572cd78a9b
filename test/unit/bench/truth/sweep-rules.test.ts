import { describe, expect, it } from 'vitest'
import { PlannedSweepRules } from '../../../../bench/truth/sweep-rules.ts'
import type { Presence, StoredPresence } from '../../../../core/reconciliation/presence.ts'

const minuteMs = 60_000
const person = (index = 0): Presence => ({ room_id: 'R', user_id: `U${index}` })
const stored = (presence: Presence, present: boolean, changed_at: number): StoredPresence => ({
  presence,
  present,
  changed_at,
  session_ref: '1',
})

/** Sweeps once a minute. Each sweep states what is missing or unknown, and when it last changed (minutes). */
function sweepEveryMinute(
  sweeps: readonly ({ missing?: number; unknown?: number; people?: number; presentCount?: number } | 'failed')[],
) {
  const rules = new PlannedSweepRules()
  return sweeps.map((sweep, index) => {
    const startedAt = (index + 1) * minuteMs
    if (sweep === 'failed') {
      rules.fail()
      return []
    }
    const presences = Array.from({ length: sweep.people ?? 1 }, (_, user) => person(user))
    const differences = {
      missing: sweep.missing === undefined ? [] : presences,
      unknown: sweep.unknown === undefined ? [] : presences,
    }
    const changedAt = (sweep.missing ?? sweep.unknown ?? 0) * minuteMs
    const entries = presences.map((presence) => stored(presence, sweep.missing !== undefined, changedAt))
    const input = { differences, stored: entries, presentCount: sweep.presentCount ?? 1000, startedAt }
    return rules.decide(input).map(({ params, received_at }) => `${params.event} ${received_at / minuteMs}`)
  })
}

describe('PlannedSweepRules', () => {
  it('estimates a join at once if nothing was heard for 30 s, otherwise at the second sweep in a row', () => {
    expect(sweepEveryMinute([{ unknown: 0.4 }])).toEqual([['join 1']])
    expect(sweepEveryMinute([{ unknown: 0.9 }, { unknown: 0.9 }])).toEqual([[], ['join 2']])
    expect(sweepEveryMinute([{ unknown: 0.9 }, {}, { unknown: 2.9 }])).toEqual([[], [], []])
  })

  it('counts from the start if something was heard between the two sweeps', () => {
    expect(sweepEveryMinute([{ unknown: 0.9 }, { unknown: 1.9 }])).toEqual([[], []])
  })

  it('ends a presence 30 s before the first sweep without it, or at its last event', () => {
    expect(sweepEveryMinute([{ missing: 0 }, { missing: 0 }, { missing: 0 }])).toEqual([[], [], ['leave 0.5']])
    expect(sweepEveryMinute([{ missing: 0.8 }, { missing: 0.8 }, { missing: 0.8 }])).toEqual([[], [], ['leave 0.8']])
  })

  it('remembers the first sweep without a presence when later sweeps fail', () => {
    const sweeps = [{ missing: 0 }, 'failed', { missing: 0 }, { missing: 0 }, { missing: 0 }] as const
    expect(sweepEveryMinute(sweeps)).toEqual([[], [], [], [], ['leave 0.5']])
  })

  it('waits three minutes if a third of all presences disappear, and seven if one of them is heard of', () => {
    const gone = { people: 20, presentCount: 40 }
    const firstCorrection = (sweeps: Parameters<typeof sweepEveryMinute>[0]) =>
      sweepEveryMinute(sweeps).findIndex((corrections) => corrections.length > 0) + 1
    const quiet = Array.from({ length: 12 }, () => ({ ...gone, missing: 0 }))
    expect(firstCorrection(quiet)).toBe(4)
    const heard = quiet.map((sweep, index) => ({ ...sweep, missing: index < 2 ? 0 : 2.5 }))
    expect(firstCorrection(heard)).toBe(10)
  })
})
