import { describe, expect, it, vi } from 'vitest'
import { parseAvdSecret } from '../../../../adapters/avd/avd-settings.ts'
import * as metricNames from '../../../../names/metrics.ts'
import { MemoryReconciler } from './memory-reconciler.ts'

const failure = new Error('no response')
const minuteMs = 60_000

/** The platform's list: this many users, in rooms of ten. */
const listOf = (people: number) =>
  Array.from({ length: Math.ceil(people / 10) }, (_, room) => ({
    room_id: `R${room}`,
    users: Array.from({ length: Math.min(10, people - room * 10) }, (_, user) => ({ user_id: `U${user}` })),
  }))

/** @returns the values of the metric `CallbackSilence`, which are appended during the test. */
function recordSilences({ metrics }: MemoryReconciler): number[] {
  const values: number[] = []
  vi.spyOn(metrics, 'addMetric').mockImplementation((name, _unit, value) => {
    if (name === metricNames.callbackSilence) values.push(value)
    return metrics
  })
  return values
}

describe('alerts about failing sweeps', () => {
  it('are sent once after three failures in a row, with an all-clear after the next good sweep', async () => {
    const reconciler = new MemoryReconciler()
    for (let sweeps = 0; sweeps < 5; sweeps++) expect(await reconciler.sweep(failure)).toBe('failed')
    expect(reconciler.alerts.map(({ payload }) => payload)).toMatchObject([{ kind: 'sweep_failing', failures: 3 }])
    for (let sweeps = 0; sweeps < 3; sweeps++) await reconciler.sweep([])
    expect(reconciler.alertKinds()).toEqual(['sweep_failing', 'all_clear sweep_failing'])
    for (let sweeps = 0; sweeps < 3; sweeps++) await reconciler.sweep(failure)
    expect(reconciler.alertKinds().slice(2)).toEqual(['sweep_failing'])
    expect(reconciler.events).toEqual([])
  })

  it('are not sent after two failures, and then have no all-clear', async () => {
    const reconciler = new MemoryReconciler()
    for (const list of [failure, failure, [], failure, failure, []]) await reconciler.sweep(list)
    expect(reconciler.alertKinds()).toEqual([])
  })

  it('follow with a later sweep if the topic does not accept them', async () => {
    const reconciler = new MemoryReconciler()
    reconciler.isTopicDown = true
    for (let sweeps = 0; sweeps < 4; sweeps++) expect(await reconciler.sweep(failure)).toBe('failed')
    reconciler.isTopicDown = false
    for (let sweeps = 0; sweeps < 2; sweeps++) await reconciler.sweep(failure)
    expect(reconciler.alerts.map(({ payload }) => payload)).toMatchObject([{ kind: 'sweep_failing', failures: 5 }])
    reconciler.isTopicDown = true
    expect(await reconciler.sweep([])).toBe('swept')
    reconciler.isTopicDown = false
    for (let sweeps = 0; sweeps < 2; sweeps++) await reconciler.sweep([])
    expect(reconciler.alertKinds()).toEqual(['sweep_failing', 'all_clear sweep_failing'])
  })

  it('cover settings that cannot be used', async () => {
    const reconciler = new MemoryReconciler()
    reconciler.readSettings = async () => void parseAvdSecret('{"access_key":"","secret_key":"s"}', 'https://avd')
    for (let sweeps = 0; sweeps < 3; sweeps++) expect(await reconciler.sweep([])).toBe('failed')
    expect(reconciler.alerts.map(({ payload }) => payload)).toMatchObject([
      {
        kind: 'sweep_failing',
        failures: 3,
        reason: 'the AVD secret is invalid: access_key is missing',
        reason_zh: 'AVD 的 secret 无效：access_key 未填写',
      },
    ])
  })

  it('quote an error of AWS, which is in English only', async () => {
    const reconciler = new MemoryReconciler()
    reconciler.readSettings = () => Promise.reject(new Error('AccessDeniedException'))
    for (let sweeps = 0; sweeps < 3; sweeps++) await reconciler.sweep([])
    expect(reconciler.alerts.map(({ payload }) => payload)).toMatchObject([
      { reason: 'AccessDeniedException', reason_zh: '内部错误（英文原文）：AccessDeniedException' },
    ])
  })
})

describe('the alert about missing callbacks', () => {
  it.each([10, 100, 1000])(
    'is sent once within 15 minutes if %i people meet for an hour and no callback arrives',
    async (people) => {
      const reconciler = new MemoryReconciler()
      reconciler.receive({ event: 'open', room_id: 'earlier' })
      reconciler.receive({ event: 'close', room_id: 'earlier', event_type: 'auto' })
      const silences = recordSilences(reconciler)
      let alertedAfterMinutes: number | undefined
      for (let minute = 1; minute <= 60; minute++) {
        reconciler.advanceTime(minuteMs)
        expect(await reconciler.sweep(listOf(people))).toBe('swept')
        if (reconciler.alerts.length > 0) alertedAfterMinutes ??= minute
      }
      expect(alertedAfterMinutes).toBeLessThanOrEqual(15)
      expect([Math.min(...silences), Math.max(...silences)]).toEqual([600, 59 * 60])
      expect(reconciler.alertKinds()).toEqual(['callbacks_missing'])
      const present = [...(await reconciler.states()).values()].filter(
        (state) => state.kind === 'participant' && state.session?.end === null,
      )
      expect(present).toHaveLength(people)
      reconciler.receive({ event: 'join', room_id: 'R0', user_id: 'U0' })
      for (let sweeps = 0; sweeps < 2; sweeps++) {
        reconciler.advanceTime(minuteMs)
        await reconciler.sweep(listOf(people))
      }
      expect(reconciler.alertKinds()).toEqual(['callbacks_missing', 'all_clear callbacks_missing'])
    },
  )

  it('is not sent while callbacks wait in the queue, nor after they have been applied', async () => {
    const reconciler = new MemoryReconciler()
    const meet = async (minutes: number) => {
      for (let minute = 0; minute < minutes; minute++) {
        reconciler.advanceTime(minuteMs)
        await reconciler.sweep(listOf(20))
      }
    }
    await meet(2)
    reconciler.isQueueStopped = true
    for (let event = 0; event < 101; event++) reconciler.receive({ event: 'open', room_id: 'R0' })
    await meet(20)
    expect(reconciler.alertKinds()).toEqual([])
    reconciler.isQueueStopped = false
    await reconciler.settle()
    await meet(20)
    expect(reconciler.alertKinds()).toEqual([])
  })

  it('is not sent while no one is in a room and no callback arrives', async () => {
    const reconciler = new MemoryReconciler()
    reconciler.receive({ event: 'open', room_id: 'R' })
    reconciler.receive({ event: 'close', room_id: 'R', event_type: 'auto' })
    for (let minute = 0; minute < 600; minute += 10) {
      reconciler.advanceTime(10 * minuteMs)
      await reconciler.sweep([])
    }
    expect(reconciler.alertKinds()).toEqual([])
  })

  it('is not sent while the people in rooms are known by callbacks and do nothing for hours', async () => {
    const reconciler = new MemoryReconciler()
    reconciler.receive({ event: 'open', room_id: 'R0' })
    for (let user = 0; user < 10; user++) reconciler.receive({ event: 'join', room_id: 'R0', user_id: `U${user}` })
    for (let minute = 0; minute < 180; minute += 5) {
      reconciler.advanceTime(5 * minuteMs)
      await reconciler.sweep(listOf(10))
    }
    expect(reconciler.alertKinds()).toEqual([])
  })

  it('is not sent because of one lost join in a room that is known', async () => {
    const reconciler = new MemoryReconciler()
    const silences = recordSilences(reconciler)
    reconciler.receive({ event: 'open', room_id: 'R0' })
    for (let minute = 0; minute < 60; minute++) {
      reconciler.advanceTime(minuteMs)
      await reconciler.sweep(listOf(1))
    }
    expect(reconciler.alertKinds()).toEqual([])
    expect(silences).toEqual([])
  })

  it('is not sent if callbacks are lost now and then', async () => {
    const reconciler = new MemoryReconciler()
    for (let minute = 0; minute < 60; minute++) {
      reconciler.advanceTime(minuteMs)
      if (minute % 9 === 0) reconciler.receive({ event: 'open', room_id: `other${minute}` })
      const listed = reconciler.events.filter(({ event }) => event === 'open').map(({ params }) => params.room_id ?? '')
      const rooms = [...new Set(listed)].map((room_id) => ({ room_id, users: [] }))
      await reconciler.sweep([...listOf(10 * minute), ...rooms.filter(({ room_id }) => room_id.startsWith('other'))])
    }
    expect(reconciler.alertKinds()).toEqual([])
  })
})
