import { describe, expect, it } from 'vitest'
import type { ObservedRoom } from '../../../../core/reconciliation/compare.ts'
import { streamOf } from '../../../../core/state/aggregate.ts'
import { MemoryReconciler } from './memory-reconciler.ts'

const minuteMs = 60_000

async function setUpRoom(): Promise<MemoryReconciler> {
  const reconciler = new MemoryReconciler()
  reconciler.receive({ event: 'open', room_id: 'R' })
  reconciler.receive({ event: 'join', room_id: 'R', user_id: 'U' })
  await reconciler.settle()
  reconciler.advanceTime(minuteMs)
  return reconciler
}

const named = (name: string | undefined): ObservedRoom[] => [{ room_id: 'R', name, users: [{ user_id: 'U' }] }]

async function sweep(reconciler: MemoryReconciler, name: string | undefined): Promise<void> {
  await reconciler.sweep(named(name))
  reconciler.advanceTime(minuteMs)
}

async function nameOf(reconciler: MemoryReconciler): Promise<string | undefined> {
  const state = (await reconciler.states()).get(streamOf({ kind: 'room', room_id: 'R' }))
  return state?.kind === 'room' ? state.name : undefined
}

const namesSent = ({ events }: MemoryReconciler) =>
  events.flatMap(({ event, params }) => (event === 'name_room' ? [params.room_name] : []))

describe('the name of a room in the list', () => {
  it('is stored once, and again only when it changes', async () => {
    const reconciler = await setUpRoom()
    for (const name of ['A', 'A', 'B', 'A', 'B', 'B']) await sweep(reconciler, name)
    expect(namesSent(reconciler)).toEqual(['A', 'B', 'A', 'B'])
    expect(await nameOf(reconciler)).toBe('B')
  })

  it('is kept if the list no longer has it, and if the room closes', async () => {
    const reconciler = await setUpRoom()
    await sweep(reconciler, 'A')
    await sweep(reconciler, undefined)
    expect(await nameOf(reconciler)).toBe('A')
    reconciler.receive({ event: 'close', room_id: 'R', event_type: 'user' })
    await reconciler.sweep([])
    expect(await nameOf(reconciler)).toBe('A')
  })

  it('is sent with the same trace_id until it has been applied', async () => {
    const reconciler = await setUpRoom()
    reconciler.isQueueStopped = true
    for (let sweeps = 0; sweeps < 3; sweeps++) await sweep(reconciler, 'A')
    const traceIds = reconciler.events.flatMap(({ event, trace_id }) => (event === 'name_room' ? [trace_id] : []))
    expect(traceIds).toHaveLength(3)
    expect(new Set(traceIds).size).toBe(1)
  })

  it('waits while more than 100 messages are in the queue', async () => {
    const reconciler = await setUpRoom()
    reconciler.isQueueStopped = true
    for (let user = 0; user < 101; user++) reconciler.receive({ event: 'join', room_id: 'X', user_id: `U${user}` })
    await sweep(reconciler, 'A')
    expect(namesSent(reconciler)).toEqual([])
  })

  it('is compared as it is stored, truncated to 256 bytes', async () => {
    const reconciler = await setUpRoom()
    for (let sweeps = 0; sweeps < 3; sweeps++) await sweep(reconciler, '会'.repeat(100))
    expect(namesSent(reconciler)).toHaveLength(1)
    expect(await nameOf(reconciler)).toBe('会'.repeat(85))
  })

  it('is stored for a room that the list has opened at the next sweep', async () => {
    const reconciler = new MemoryReconciler()
    reconciler.advanceTime(minuteMs)
    for (let sweeps = 0; sweeps < 2; sweeps++) await sweep(reconciler, 'A')
    expect(await nameOf(reconciler)).toBe('A')
  })
})
