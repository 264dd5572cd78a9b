import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Envelope } from '../../../../core/protocol/envelope.ts'
import type { State } from '../../../../core/state/fold.ts'
import { graceMs, MemoryReconciler } from './memory-reconciler.ts'

/** A reconciler whose stored state is one open room with four participants. */
function setUpMeeting(): MemoryReconciler {
  const reconciler = new MemoryReconciler()
  reconciler.receive({ event: 'open', room_id: 'R' })
  for (const user_id of ['a', 'b', 'c', 'd']) reconciler.receive({ event: 'join', room_id: 'R', user_id })
  reconciler.advanceTime(1000)
  return reconciler
}

/** The status of a room, or the reason for which a participant left. */
function summarize(state: State) {
  if (state.kind === 'room') return [state.status, state.close_reason]
  return state.kind === 'participant' ? state.session?.end?.reason : null
}

describe('createHandler', () => {
  it('reaches the same end state after a sweep that crashes while it sends corrections', async () => {
    const complete = setUpMeeting()
    const crashing = setUpMeeting()
    for (const reconciler of [complete, crashing]) {
      await reconciler.sweep([])
      reconciler.advanceTime(graceMs)
    }
    await complete.sweep([])
    const outcome = await crashing.sweep([], async (envelopes) => {
      crashing.applyCorrections(envelopes.slice(0, 2))
      throw new Error('the queue does not exist')
    })
    expect(outcome).toBe('failed')
    for (let sweeps = 0; sweeps < 2; sweeps++) {
      crashing.advanceTime(graceMs)
      await crashing.sweep([])
    }
    const endState = (reconciler: MemoryReconciler) => [...reconciler.states().values()].map(summarize)
    expect(endState(crashing)).toEqual(endState(complete))
    expect(endState(complete)).toEqual([
      'reconciled',
      'reconciled',
      'reconciled',
      'reconciled',
      ['closed', 'reconciled'],
    ])
  })

  it('reports a failed sweep before the function times out if the queue does not respond', async () => {
    const reconciler = setUpMeeting()
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

  it('sends the same corrections again if they have not been applied before the next sweep', async () => {
    const reconciler = setUpMeeting()
    const sent: string[] = []
    const record = async (envelopes: readonly Envelope[]) =>
      void sent.push(...envelopes.map((envelope) => JSON.stringify(envelope)))
    await reconciler.sweep([])
    reconciler.advanceTime(graceMs)
    await reconciler.sweep([], record)
    reconciler.advanceTime(60_000)
    await reconciler.sweep([], record)
    expect(sent).toHaveLength(10)
    expect(new Set(sent).size).toBe(5)
  })

  it('sweeps for warnings at most every 10 s, and for the schedule at any time', async () => {
    const reconciler = setUpMeeting()
    const warning = { Records: [{ EventSource: 'aws:sns', Sns: { Message: '{"event":"warning_notify"}' } }] }
    const sweepFor = (event: unknown) => reconciler.sweep([], undefined, event)
    expect(await sweepFor(warning)).toBe('swept')
    reconciler.advanceTime(9_999)
    expect(await sweepFor(warning)).toBe('overlapping')
    reconciler.advanceTime(1)
    expect(await sweepFor(warning)).toBe('swept')
    reconciler.advanceTime(1)
    expect(await sweepFor({})).toBe('swept')
  })

  it('alerts once after three failed sweeps in a row, and again only after a successful one', async () => {
    const reconciler = setUpMeeting()
    const failure = new Error('no response')
    for (let sweeps = 0; sweeps < 5; sweeps++) expect(await reconciler.sweep(failure)).toBe('failed')
    expect(reconciler.alertedFailures).toEqual([3])
    await reconciler.sweep([])
    for (let sweeps = 0; sweeps < 3; sweeps++) await reconciler.sweep(failure)
    expect(reconciler.alertedFailures).toEqual([3, 3])
    expect(reconciler.events.filter((event) => event.source === 'reconcile')).toEqual([])
  })

  it('alerts at the next failed sweep if the alert could not be published', async () => {
    const reconciler = setUpMeeting()
    const failure = new Error('no response')
    reconciler.isTopicDown = true
    for (let sweeps = 0; sweeps < 2; sweeps++) await reconciler.sweep(failure)
    await expect(reconciler.sweep(failure)).rejects.toThrow('SNS is down')
    reconciler.isTopicDown = false
    reconciler.advanceTime(60_000)
    expect(await reconciler.sweep(failure)).toBe('failed')
    expect(reconciler.alertedFailures).toEqual([3])
    expect(await reconciler.sweep(failure)).toBe('failed')
    expect(reconciler.alertedFailures).toEqual([3])
  })
})
