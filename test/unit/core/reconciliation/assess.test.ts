import { describe, expect, it } from 'vitest'
import { type Assessment, assess, type SweepContext } from '../../../../core/reconciliation/assess.ts'
import {
  decideCorrections,
  needsQueueLength,
  rememberSent,
  roomsToClose,
} from '../../../../core/reconciliation/decide.ts'
import { type Absence, noFindings } from '../../../../core/reconciliation/findings.ts'
import { presenceKey } from '../../../../core/reconciliation/presence.ts'
import { store } from './sweep-series.ts'

const hash = (text: string) => text
const person = { room_id: 'R', user_id: 'U' }
const room = { room_id: 'R' }

function contextOf(context: Partial<SweepContext>): SweepContext {
  return { startedAt: 300, graceMs: 100, previous: noFindings, isContinued: true, presentCount: 2, hash, ...context }
}

/** The absence of U in a sweep at 300 ms. @param before what the sweep before found. */
function absenceOf(changed_at: number, before: Absence | undefined, context: Partial<SweepContext> = {}) {
  const absences = new Map(before === undefined ? [] : [[presenceKey(person), before]])
  const differences = { missing: [person], unknown: [] }
  const { findings, dueAbsences } = assess(
    differences,
    [store(person, { changed_at })],
    contextOf({ previous: { ...noFindings, absences }, ...context }),
  )
  return { absence: findings.absences.get(presenceKey(person)), isDue: dueAbsences.length === 1, findings }
}

describe('assess', () => {
  it('ignores what is not stored any more, what was stored meanwhile, and what changed after the sweep began', () => {
    const missing = { missing: [person], unknown: [] }
    for (const stored of [[], [store(person, { present: false })], [store(person, { changed_at: 301 })]])
      expect(assess(missing, stored, contextOf({})).findings.absences.size).toBe(0)
    const unknown = { missing: [], unknown: [person] }
    expect(assess(unknown, [store(person)], contextOf({})).findings.sightings.size).toBe(0)
    expect(assess(unknown, [], contextOf({})).findings.sightings.size).toBe(1)
  })

  it('begins an absence again if the clock was set back', () => {
    for (const since of [300, 301])
      expect(absenceOf(0, { first_at: 50, since }).absence).toEqual({ first_at: 300, since: 300 })
  })

  it('keeps the first sweep without a presence after a failed one, unless it changed since', () => {
    const before = { first_at: 100, since: 200 }
    expect(absenceOf(100, before, { isContinued: false }).absence).toEqual({ first_at: 100, since: 300 })
    expect(absenceOf(101, before, { isContinued: false }).absence).toEqual({ first_at: 300, since: 300 })
  })

  it('needs two sweeps also without a grace period', () => {
    expect(absenceOf(0, undefined, { graceMs: 0 }).isDue).toBe(false)
    expect(absenceOf(0, { first_at: 200, since: 200 }, { graceMs: 0 }).isDue).toBe(true)
  })

  it('takes a mass disappearance for contradicted by an event after the first sweep without a presence', () => {
    const people = Array.from({ length: 20 }, (_, index) => ({ room_id: 'R', user_id: `U${index}` }))
    const absences = new Map(people.map((each) => [presenceKey(each), { first_at: 100, since: 200 }]))
    const isContradicted = [100, 101].map((changed_at) => {
      const stored = people.map((each) => store(each, { changed_at }))
      const context = contextOf({ previous: { ...noFindings, absences }, presentCount: 20 })
      return assess({ missing: people, unknown: [] }, stored, context).findings.massDisappearance?.isContradicted
    })
    expect(isContradicted).toEqual([false, true])
  })
})

describe('decideCorrections', () => {
  const due = [room, { room_id: 'S' }, person].map((presence) => ({
    stored: store(presence),
    absence: { first_at: 100, since: 200 },
  }))
  const absences = new Map(due.map(({ stored, absence }) => [presenceKey(stored.presence), absence]))
  const assessment: Assessment = {
    startedAt: 300,
    dueAbsences: due,
    dueSightings: [],
    findings: { ...noFindings, absences },
  }

  it('reads the last events only of rooms', () => {
    expect(roomsToClose(assessment)).toEqual(['R', 'S'])
  })

  it('restarts only the absences of rooms in which something happened', () => {
    const lastEvents = new Map([
      ['R', 201],
      ['S', 200],
    ])
    const { findings } = decideCorrections(assessment, { lastEvents, visibleMessages: 0 }, hash)
    expect(findings.absences.get('["R"]')).toEqual({ first_at: 300, since: 300 })
    expect(findings.absences.get('["S"]')).toEqual({ first_at: 100, since: 200 })
  })

  it('needs the length of the queue if any sighting is not confirmed', () => {
    const sighting = { presence: person, user: undefined, stored: undefined }
    const dueSightings = [true, false].map((isConfirmed) => ({ ...sighting, isConfirmed }))
    expect(needsQueueLength({ ...assessment, dueSightings })).toBe(true)
    expect(needsQueueLength({ ...assessment, dueSightings: dueSightings.slice(0, 1) })).toBe(false)
  })

  it('remembers what was sent only of absences and sightings that the sweep has found', () => {
    const { corrections } = decideCorrections(assessment, { lastEvents: new Map(), visibleMessages: 0 }, hash)
    expect(corrections).toHaveLength(1)
    const { sightings, absences } = rememberSent(noFindings, corrections, 300)
    expect([sightings.size, absences.size]).toEqual([0, 0])
  })
})
