import { describe, expect, it } from 'vitest'
import type { NorthboundEvent } from '../../../../core/protocol/events.ts'
import { applyBatch } from '../../../../lambdas/apply-events/apply-batch.ts'
import { expectedStates, memoryDependencies, readStoredStates, unlimited } from '../../../support/apply.ts'
import { event } from '../../../support/events.ts'

const second = 1000
const minute = 60 * second

/** Applies events one by one. @returns the names of the calls of the stores that the last events made. */
async function countCalls(earlier: readonly NorthboundEvent[], last: readonly NorthboundEvent[]): Promise<string[]> {
  const { log, store, ...rest } = memoryDependencies()
  const calls: string[] = []
  const record = <Stores extends object>(target: Stores): Stores =>
    new Proxy(target, {
      get(object, name, receiver) {
        const method: unknown = Reflect.get(object, name, receiver)
        if (typeof method !== 'function') return method
        return (...given: unknown[]) => {
          calls.push(String(name))
          return Reflect.apply(method, object, given)
        }
      },
    })
  const dependencies = { log: record(log), store: record(store), ...rest }
  for (const each of earlier) await applyBatch(dependencies, [each], unlimited)
  calls.length = 0
  for (const each of last) await applyBatch(dependencies, [each], unlimited)
  const events = [...earlier, ...last]
  expect(await readStoredStates(store, events)).toEqual(expectedStates(events))
  return calls
}

const open = event('open', {}, { at: second })
const join = (user_id: string, at: number) => event('join', { user_id }, { at })
const leave = (user_id: string, at: number) => event('leave', { user_id, event_type: 'normal' }, { at })
const estimatedClose = event('close', { event_type: 'reconciled' }, { at: 10 * minute, source: 'reconcile' })
/** The calls for an event that needs no more than its own aggregate and its room. */
const usual = ['read', 'append', 'write', 'read']

describe('applyBatch', () => {
  it('reads and writes nothing more for people in a room that was opened by an open', async () => {
    expect(await countCalls([open], [join('a', minute)])).toEqual(usual)
    expect(await countCalls([open, join('a', minute)], [leave('a', 2 * minute)])).toEqual(usual)
  })

  it('reads and writes nothing more for a further join of a room that is open because people are in it', async () => {
    expect(await countCalls([join('a', minute)], [join('b', 2 * minute)])).toEqual(usual)
  })

  it('looks for someone else when a person leaves a room that is open because people are in it', async () => {
    expect(await countCalls([join('a', minute), join('b', 2 * minute)], [leave('b', 3 * minute)])).toEqual([
      ...usual,
      'readCloseCandidates',
    ])
  })

  it('writes the room when the first person joins and when the last one leaves', async () => {
    const first = await countCalls([], [join('a', minute)])
    expect(first.filter((name) => name === 'write')).toHaveLength(2)
    const last = await countCalls([join('a', minute)], [leave('a', 2 * minute)])
    expect(last.filter((name) => name === 'write')).toHaveLength(2)
  })

  it('folds the room once after a void estimated close, not for each further event', async () => {
    const update = (at: number) => event('update', { user_id: 'a', user_name: 'n' }, { at })
    const before = [open, join('a', minute), estimatedClose]
    expect((await countCalls(before, [update(11 * minute)])).length).toBeGreaterThan(usual.length)
    expect(await countCalls([...before, update(11 * minute)], [update(12 * minute)])).toEqual(usual)
  })

  it('looks at the participants once for a close of a room that was opened by an open', async () => {
    const close = event('close', { event_type: 'auto' }, { at: 3 * minute })
    const calls = await countCalls([open, join('a', minute), leave('a', 2 * minute)], [close])
    expect(calls.filter((name) => name === 'readCloseCandidates')).toHaveLength(1)
    expect(calls.filter((name) => name === 'readPastSessionsOfRoom')).toEqual([])
  })

  it('removes the inferred opening of a room if no one was there after all', async () => {
    const publish = event('publish', { user_id: 'a', stream_id: 's', stream_type: 'audio' }, { at: minute })
    const close = event('close', { event_type: 'auto' }, { at: minute - second })
    await countCalls([publish], [close, leave('a', minute - 2 * second)])
  })

  it('moves the estimated start of an opening if a join shows that its media had overtaken the join', async () => {
    const correction = event('open', {}, { at: 2, source: 'reconcile' })
    const publish = event('publish', { user_id: 'a', stream_id: 'S', stream_type: 'audio' }, { at: 1 })
    const genuine = event('open', {}, { at: 2 })
    // The calls do not matter; `countCalls` verifies the stored states.
    await countCalls([publish, correction, genuine], [join('a', 2)])
    await countCalls([correction, genuine, publish], [join('a', 2)])
  })
})
