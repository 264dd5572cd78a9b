import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { State } from '../../../../core/state/fold.ts'
import { graceMs, MemoryReconciler } from './memory-reconciler.ts'

/** A reconciler whose stored state is one open room with four participants. */
async function setUpMeeting(): Promise<MemoryReconciler> {
  const reconciler = new MemoryReconciler()
  reconciler.receive({ event: 'open', room_id: 'R' })
  for (const user_id of ['a', 'b', 'c', 'd']) reconciler.receive({ event: 'join', room_id: 'R', user_id })
  reconciler.advanceTime(1000)
  await reconciler.settle()
  return reconciler
}

/** The status of a room, or the reason for which a participant left. */
function summarize(state: State) {
  if (state.kind === 'room') return [state.status, state.close_reason]
  return state.kind === 'participant' ? state.session?.end?.reason : null
}

describe('createHandler', () => {
  it('reaches the same end state after a sweep that crashes while it sends corrections', async () => {
    const complete = await setUpMeeting()
    const crashing = await setUpMeeting()
    for (const reconciler of [complete, crashing]) {
      await reconciler.sweep([])
      reconciler.advanceTime(graceMs)
    }
    await complete.sweep([])
    const outcome = await crashing.sweep([], async (envelopes) => {
      crashing.sendCorrections(envelopes.slice(0, 2))
      throw new Error('the queue does not exist')
    })
    expect(outcome).toBe('failed')
    for (let sweeps = 0; sweeps < 2; sweeps++) {
      crashing.advanceTime(graceMs)
      await crashing.sweep([])
    }
    const endState = async (reconciler: MemoryReconciler) => [...(await reconciler.states()).values()].map(summarize)
    expect(await endState(crashing)).toEqual(await endState(complete))
    expect((await endState(complete)).sort()).toEqual([
      ['closed', 'reconciled'],
      'reconciled',
      'reconciled',
      'reconciled',
      'reconciled',
    ])
  })

  it('reports a failed sweep before the function times out if the queue does not respond', async () => {
    const reconciler = await setUpMeeting()
    await reconciler.sweep([])
    reconciler.advanceTime(graceMs)
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const sweep = reconciler.sweep(
      [],
      (_envelopes, signal) =>
        new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
    )
    await vi.advanceTimersByTimeAsync(54_000)
    expect(await sweep).toBe('failed')
  })

  it('sweeps after every warning, at most every 10 s, and for the schedule at any time', async () => {
    const reconciler = await setUpMeeting()
    const warning = { Records: [{ EventSource: 'aws:sns', Sns: { Message: '{"event":"warning_notify"}' } }] }
    const sweepFor = (event: unknown) => reconciler.sweep([], undefined, event)
    expect(await sweepFor({})).toBe('swept')
    const startedAt = reconciler.now
    expect(await sweepFor(warning)).toBe('swept')
    expect(reconciler.now).toBe(startedAt)
    reconciler.advanceTime(4_000)
    // This one waits until the time has come.
    expect(await sweepFor(warning)).toBe('swept')
    expect(reconciler.now).toBe(startedAt + 10_000)
    expect(await sweepFor({})).toBe('swept')
    reconciler.advanceTime(10_000)
    expect(await sweepFor(warning)).toBe('swept')
    expect(reconciler.now).toBe(startedAt + 20_000)
  })

  it('leaves a warning to the sweep that another one waits for', async () => {
    const reconciler = await setUpMeeting()
    const warning = { Records: [{}] }
    await reconciler.sweep([], undefined, warning)
    reconciler.advanceTime(4_000)
    const wakeUp = Promise.withResolvers<void>()
    const asleep = Promise.withResolvers<number>()
    reconciler.sleep = (ms) => {
      asleep.resolve(ms)
      return wakeUp.promise
    }
    const waiting = reconciler.sweep([], undefined, warning)
    expect(await asleep.promise).toBe(6_000)
    expect(await reconciler.sweep([], undefined, warning)).toBe('overlapping')
    wakeUp.resolve()
    expect(await waiting).toBe('swept')
  })
})
