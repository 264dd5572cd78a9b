import { expect } from 'vitest'
import { z } from 'zod'
import type { KillPointSetup } from '../../support/kill-points.ts'
import type { System } from '../../support/system.ts'
import { applyMessages } from './messages.ts'
import { type SelectPoints, walkCalls } from './walk-calls.ts'

/**
 * Kills `reconcile-rooms` at points of a sweep that opens one room and closes another, sweeps again, and verifies that the rooms are
 * as on the platform, and that each was corrected once.
 */
export async function verifyKilledReconcileRooms(
  { system, avd }: KillPointSetup,
  selectPoints: SelectPoints,
): Promise<void> {
  const { run } = system
  const startedAt = Date.now()
  let clockMs = 0
  const sweepLater = async () => {
    clockMs += pauseMs
    for (const principal of ['ReconcileRooms', 'ApplyEvents']) run.shiftClock(principal, clockMs)
    await run.invoke('ReconcileRooms', {})
  }
  const sweepTwice = async () => {
    for (let sweeps = 0; sweeps < 2; sweeps++) {
      await sweepLater()
      await system.settle()
    }
  }
  // Corrects what was there before.
  await sweepTwice()
  const { names, killed } = await walkCalls(run, 'ReconcileRooms', selectPoints, async (name, disturb) => {
    await applyMessages(run, name, createRoom(`${name}-gone`, startedAt - 3_600_000))
    await sweepLater()
    // Its callbacks are lost.
    void avd.join(`${name}-new`, 'A')
    await disturb(sweepLater)
    await system.settle()
    await sweepTwice()
  })
  expect(killed.length).toBeGreaterThan(0.7 * names.length)
  for (const name of names) {
    expect(await readRoom(system, `${name}-new`), name).toEqual({
      status: 'open',
      people: ['A in_room'],
      corrections: ['join', 'open'],
    })
    expect(await readRoom(system, `${name}-gone`), name).toEqual({
      status: 'closed',
      people: ['A left'],
      corrections: ['close', 'leave'],
    })
  }
}

/** Longer than a lease and a grace period. */
const pauseMs = 6 * 60_000

function createRoom(room_id: string, received_at: number): object[] {
  const toMessage = (trace_id: string, params: object) => {
    return { trace_id, received_at, source: 'callback', params: { ...params, room_id, trace_id } }
  }
  return [
    toMessage(`${room_id}-open`, { event: 'open' }),
    toMessage(`${room_id}-join`, { event: 'join', event_type: 'normal', user_id: 'A' }),
  ]
}

const roomSchema = z.object({
  room: z.object({ status: z.string() }),
  participants: z.array(z.object({ user_id: z.string(), status: z.string() })),
})
const eventsSchema = z.object({ items: z.array(z.object({ event: z.string(), source: z.string() })) })

async function readRoom(system: System, id: string) {
  const { room, participants } = roomSchema.parse((await system.query(`/api/rooms/${id}`)).body)
  const { items } = eventsSchema.parse((await system.query(`/api/events?room_id=${id}`)).body)
  return {
    status: room.status,
    people: participants.map(({ user_id, status }) => `${user_id} ${status}`),
    corrections: items.flatMap(({ event, source }) => (source === 'reconcile' ? [event] : [])).sort(),
  }
}
