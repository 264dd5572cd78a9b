import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { graceMs, minuteMs, observe, SweepSeries, store, storeRoom, summarize } from './sweep-series.ts'

const hour = 60 * minuteMs

describe('a presence that is stored but missing from the list', () => {
  const stored = storeRoom('R', ['U', 'V'])
  const onlyV = observe('R', ['V'])
  const everybody = observe('R', ['U', 'V'])

  it('ends after two sweeps in a row and the grace period since the first', () => {
    const series = new SweepSeries()
    const times = [100_000, 100_000 + graceMs - 1, 100_000 + graceMs]
    const sweeps = times.map((at) => summarize(series.sweep({ observed: onlyV, stored, at })))
    expect(sweeps).toEqual([[], [], ['leave R U 70']])
  })

  it('does not end after a single sweep, even long after the grace period', () => {
    expect(new SweepSeries().sweep({ observed: onlyV, stored, at: 10 * graceMs })).toEqual([])
  })

  it('ends at its last event if that came less than 30 s before the first sweep without it', () => {
    const series = new SweepSeries()
    const recent = [...storeRoom('R', ['V']), store({ room_id: 'R', user_id: 'U' }, { changed_at: 90_000 })]
    series.sweep({ observed: onlyV, stored: recent, at: 100_000 })
    const corrections = series.sweep({ observed: onlyV, stored: recent, at: 100_000 + graceMs })
    expect(summarize(corrections)).toEqual(['leave R U 90'])
  })

  it('does not end if a sweep in between finds it', () => {
    const series = new SweepSeries()
    series.sweep({ observed: onlyV, stored, at: 1000 })
    series.sweep({ observed: everybody, stored, at: 60_000 })
    expect(series.sweep({ observed: onlyV, stored, at: 1000 + graceMs })).toEqual([])
  })

  it('counts sweeps and grace from the start after a failed sweep, but not the time at which it ends', () => {
    const series = new SweepSeries()
    series.sweep({ observed: onlyV, stored, at: 100_000 })
    series.fail()
    expect(series.sweep({ observed: onlyV, stored, at: 100_000 + graceMs })).toEqual([])
    expect(summarize(series.sweep({ observed: onlyV, stored, at: 100_000 + 2 * graceMs }))).toEqual(['leave R U 70'])
  })

  it('does not end if it changed after the first sweep or after the start of this one', () => {
    for (const changed_at of [1001, 1000 + graceMs + 1]) {
      const series = new SweepSeries()
      series.sweep({ observed: onlyV, stored, at: 1000 })
      const changed = [...storeRoom('R', ['V']), store({ room_id: 'R', user_id: 'U' }, { changed_at })]
      expect(series.sweep({ observed: onlyV, stored: changed, at: 1000 + graceMs })).toEqual([])
    }
  })

  it('ends with its room, the leaves first', () => {
    const series = new SweepSeries()
    series.sweep({ observed: [], stored, at: 100_000 })
    const corrections = series.sweep({ observed: [], stored, at: 100_000 + graceMs })
    expect(summarize(corrections)).toEqual(['leave R U 70', 'leave R V 70', 'close R 70'])
  })

  it('does not end if it is a room in which someone present was active after the first sweep', () => {
    const series = new SweepSeries()
    series.sweep({ observed: [], stored, at: 1000 })
    const active = [...storeRoom('R', ['V']), store({ room_id: 'R', user_id: 'U' }, { changed_at: 1500 })]
    expect(summarize(series.sweep({ observed: [], stored: active, at: 1000 + graceMs }))).toEqual(['leave R V 0'])
  })

  it('ends at the last event of anybody in it if it is a room, also of people who have left', () => {
    const empty = storeRoom('R', [])
    const series = new SweepSeries()
    series.sweep({ observed: [], stored: empty, at: 100_000 })
    const last = { observed: [], stored: empty, at: 100_000 + graceMs }
    expect(summarize(series.sweep({ ...last, lastEvents: { R: 95_000 } }))).toEqual(['close R 95'])
  })

  it('does not end if it is a room that someone left after the first sweep', () => {
    const empty = storeRoom('R', [])
    const series = new SweepSeries()
    const lastEvents = { R: 130_000 }
    const sweeps = [0, 1, 2].map((round) =>
      summarize(series.sweep({ observed: [], stored: empty, at: 100_000 + round * graceMs, lastEvents })),
    )
    expect(sweeps).toEqual([[], [], ['close R 190']])
  })

  it('ends with one of the next sweeps if there are more than 500 rooms to close', () => {
    const rooms = Array.from({ length: 1200 }, (_, index) => storeRoom(`R${index}`, [])).flat()
    // Enough other rooms, so that this is no mass disappearance.
    const others = Array.from({ length: 4000 }, (_, index) => `S${index}`)
    const observed = others.flatMap((roomId) => observe(roomId, []))
    const stored = [...rooms, ...others.flatMap((roomId) => storeRoom(roomId, []))]
    const series = new SweepSeries()
    const closed = Array.from({ length: 6 }, (_, minute) => series.sweep({ observed, stored, at: minute * minuteMs }))
    expect(closed.map(({ length }) => length)).toEqual([0, 0, 500, 500, 200, 0])
  })

  it('is sent once while its message waits in the queue, and again after two hours', () => {
    const series = new SweepSeries()
    const sentAt: number[] = []
    for (let at = 0; at <= 4 * hour; at += minuteMs)
      for (const _ of series.sweep({ observed: onlyV, stored, at })) sentAt.push(at)
    expect(sentAt).toEqual([graceMs, graceMs + 2 * hour])
  })

  it('is sent once if sweeps fail meanwhile', () => {
    const series = new SweepSeries()
    const sent = Array.from({ length: 30 }, (_, minute) => {
      if (minute % 7 === 6) series.fail()
      return series.sweep({ observed: onlyV, stored, at: minute * minuteMs })
    })
    expect(sent.flat()).toHaveLength(1)
  })

  it('is sent again with the same trace_id if the queue did not accept it', () => {
    const series = new SweepSeries()
    series.sweep({ observed: onlyV, stored, at: 0 })
    const lost = series.sweep({ observed: onlyV, stored, at: graceMs, isSendingBroken: true })
    expect(series.sweep({ observed: onlyV, stored, at: graceMs + minuteMs })).toEqual(lost)
  })

  it('has another trace_id after anything about it has changed', () => {
    const traceIdFor = (session_ref: string) => {
      const series = new SweepSeries()
      const entries = [...storeRoom('R', ['V']), store({ room_id: 'R', user_id: 'U' }, { session_ref })]
      series.sweep({ observed: onlyV, stored: entries, at: 0 })
      return series.sweep({ observed: onlyV, stored: entries, at: graceMs })[0]?.envelope.trace_id
    }
    expect(traceIdFor('joined 1')).toBeDefined()
    expect(traceIdFor('joined 1')).not.toBe(traceIdFor('joined 2'))
  })
})

describe('absences in any series of sweeps', () => {
  const users = ['U1', 'U2', 'U3']
  const observation = fc.record({
    present: fc.subarray(users),
    pause: fc.integer({ min: 1, max: graceMs }),
    fails: fc.boolean(),
    /** The users with an event just before this sweep. */
    active: fc.subarray(users),
  })

  it('end exactly after two successful sweeps in a row and the grace period without any change', () => {
    fc.assert(
      fc.property(fc.array(observation, { minLength: 1, maxLength: 8 }), (sweeps) => {
        const series = new SweepSeries()
        let now = 0
        const changedAt = new Map<string, number>()
        /** The expected absences, tracked independently of the code under test. */
        const expected = new Map<string, { since: number; isRepeated: boolean }>()
        for (const { present, pause, fails, active } of sweeps) {
          now += pause
          for (const user of active) changedAt.set(user, now - 1)
          if (fails) {
            series.fail()
            expected.clear()
            continue
          }
          const people = users.map((user_id) =>
            store({ room_id: 'R', user_id }, { changed_at: changedAt.get(user_id) ?? 0 }),
          )
          const stored = [...storeRoom('R', []), ...people]
          // Nothing is remembered as sent, so that every decision shows.
          const corrections = series.sweep({ observed: observe('R', present), stored, at: now, isSendingBroken: true })
          for (const user of users) {
            const before = expected.get(user)
            if (present.includes(user)) expected.delete(user)
            else if (before === undefined || (changedAt.get(user) ?? 0) > before.since)
              expected.set(user, { since: now, isRepeated: false })
            else expected.set(user, { ...before, isRepeated: true })
          }
          const corrected = new Set(corrections.map(({ envelope }) => envelope.params.user_id))
          for (const user of users) {
            const absence = expected.get(user)
            expect(corrected.has(user)).toBe(absence?.isRepeated === true && now - absence.since >= graceMs)
          }
        }
      }),
      { numRuns: 2000 },
    )
  })
})
