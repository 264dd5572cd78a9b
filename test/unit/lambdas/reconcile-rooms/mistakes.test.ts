import { describe, expect, it } from 'vitest'
import type { ObservedRoom } from '../../../../core/reconciliation/compare.ts'
import { streamOf } from '../../../../core/state/aggregate.ts'
import type { ParticipantState } from '../../../../core/state/participant.ts'
import type { RoomState } from '../../../../core/state/room.ts'
import { MemoryReconciler } from './memory-reconciler.ts'

// What went wrong with earlier rules: sweeps once a minute, with the default grace period of two minutes.

const minuteMs = 60_000

async function setUpMeeting(users: readonly string[]): Promise<MemoryReconciler> {
  const reconciler = new MemoryReconciler()
  reconciler.receive({ event: 'open', room_id: 'R' })
  for (const user_id of users) {
    reconciler.receive({ event: 'join', room_id: 'R', user_id })
    reconciler.receive({ event: 'publish', room_id: 'R', user_id, stream_id: 's', type: 'video' })
  }
  await reconciler.settle()
  reconciler.advanceTime(10 * minuteMs)
  return reconciler
}

const listWith = (users: readonly string[]): ObservedRoom[] => [
  { room_id: 'R', users: users.map((user_id) => ({ user_id })) },
]

/** Sweeps this often, once a minute, with the same list. */
async function sweep(reconciler: MemoryReconciler, sweeps: number, observed: readonly ObservedRoom[] | Error) {
  for (let index = 0; index < sweeps; index++) {
    await reconciler.sweep(observed)
    reconciler.advanceTime(minuteMs)
  }
}

async function findParticipant(reconciler: MemoryReconciler, userId: string): Promise<ParticipantState | undefined> {
  const state = (await reconciler.states()).get(streamOf({ kind: 'participant', room_id: 'R', user_id: userId }))
  return state?.kind === 'participant' ? state : undefined
}

async function findRoom(reconciler: MemoryReconciler): Promise<RoomState | undefined> {
  const state = (await reconciler.states()).get(streamOf({ kind: 'room', room_id: 'R' }))
  return state?.kind === 'room' ? state : undefined
}

const users = (count: number) => Array.from({ length: count }, (_, index) => `U${index}`)

describe('a participant whom a sweep has put out by mistake', () => {
  it.each([
    ['the list shows again', (reconciler: MemoryReconciler) => sweep(reconciler, 1, listWith(['U', 'V']))],
    [
      'publishes again',
      async (reconciler: MemoryReconciler) => {
        reconciler.receive({ event: 'publish', room_id: 'R', user_id: 'U', stream_id: 's2', type: 'audio' })
        await sweep(reconciler, 1, listWith(['U', 'V']))
      },
    ],
  ])('is put out again, as often as the list loses them, if they come back because %s', async (_reason, comeBack) => {
    const reconciler = await setUpMeeting(['U', 'V'])
    for (let round = 0; round < 4; round++) {
      await sweep(reconciler, 3, listWith(['V']))
      expect((await findParticipant(reconciler, 'U'))?.session?.end?.reason).toBe('reconciled')
      await comeBack(reconciler)
      expect((await findParticipant(reconciler, 'U'))?.session?.end).toBeNull()
      reconciler.advanceTime(11 * minuteMs)
    }
    expect(reconciler.corrections.filter(({ event }) => event === 'leave')).toHaveLength(4)
  })
})

describe('a queue that lags an hour', () => {
  it('gets each end once', async () => {
    const reconciler = await setUpMeeting(users(500))
    reconciler.isQueueStopped = true
    await sweep(reconciler, 60, [])
    const traceIds = reconciler.corrections.map(({ trace_id }) => trace_id)
    expect(traceIds).toHaveLength(501)
    expect(new Set(traceIds).size).toBe(501)
    reconciler.isQueueStopped = false
    await sweep(reconciler, 1, [])
    expect((await findRoom(reconciler))?.close_reason).toBe('reconciled')
    expect(reconciler.corrections).toHaveLength(501)
  })

  it('gets each start once, and none of someone whose join and leave both wait', async () => {
    const reconciler = new MemoryReconciler()
    reconciler.isQueueStopped = true
    for (const user_id of users(150)) reconciler.receive({ event: 'update', room_id: 'S', user_id })
    // Only the first sweep still lists the visitor.
    await sweep(reconciler, 1, listWith(['visitor', 'U']))
    await sweep(reconciler, 59, listWith(['U']))
    const sent = reconciler.corrections.map(({ event, params }) => [event, params.user_id])
    expect(sent).toEqual([
      ['open', undefined],
      ['join', 'U'],
    ])
  })
})

describe('a list that is older than a leave', () => {
  it('does not bring back who left one second before the list was made', async () => {
    const reconciler = await setUpMeeting(['U', 'V'])
    reconciler.receive({ event: 'leave', room_id: 'R', user_id: 'U', event_type: 'normal' })
    reconciler.advanceTime(1000)
    await sweep(reconciler, 1, listWith(['U', 'V']))
    await sweep(reconciler, 3, listWith(['V']))
    expect(reconciler.corrections).toEqual([])
    expect(await findParticipant(reconciler, 'U')).toMatchObject({ session: { end: { reason: 'normal' } } })
  })

  it('does not reopen a room that closed one second before the list was made, nor its people', async () => {
    const reconciler = await setUpMeeting(['U'])
    reconciler.receive({ event: 'close', room_id: 'R', event_type: 'user' })
    reconciler.advanceTime(1000)
    // The join of this visitor was lost.
    await sweep(reconciler, 1, listWith(['U', 'visitor']))
    await sweep(reconciler, 3, [])
    expect(reconciler.corrections).toEqual([])
    expect(await findRoom(reconciler)).toMatchObject({ status: 'closed', close_reason: 'user' })
  })
})

describe('a platform that lists nothing for five minutes after a restart', () => {
  it.each([
    ['no one is heard of', undefined],
    ['someone is heard of', 'U7'],
  ])('leaves everybody with one session and their media if meanwhile %s', async (_description, active) => {
    const everybody = users(30)
    const reconciler = await setUpMeeting(everybody)
    await sweep(reconciler, 2, [])
    if (active) reconciler.receive({ event: 'update', room_id: 'R', user_id: active })
    await sweep(reconciler, 3, [])
    expect(reconciler.corrections).toHaveLength(active ? 0 : 31)
    await sweep(reconciler, 3, listWith(everybody))
    for (const user of everybody)
      expect(await findParticipant(reconciler, user)).toMatchObject({
        session: { joined_at: 1_000_000, end: null },
        streams: [{ stream_id: 's' }],
      })
    expect(await findRoom(reconciler)).toMatchObject({ status: 'open', opened_at: 1_000_000 })
    expect(await reconciler.pastSessions()).toEqual(new Map())
  })

  it('alerts once, and once more when the list is complete again', async () => {
    const reconciler = await setUpMeeting(users(30))
    await sweep(reconciler, 2, [])
    await sweep(reconciler, 1, new Error('no response'))
    await sweep(reconciler, 1, [])
    expect(reconciler.alertKinds()).toEqual(['mass_disappearance'])
    await sweep(reconciler, 3, listWith(users(30)))
    expect(reconciler.alertKinds()).toEqual(['mass_disappearance', 'all_clear mass_disappearance'])
  })

  it('alerts with a later sweep if the topic does not accept an alert', async () => {
    const reconciler = await setUpMeeting(users(30))
    reconciler.isTopicDown = true
    await sweep(reconciler, 1, [])
    expect(reconciler.alertKinds()).toEqual([])
    reconciler.isTopicDown = false
    await sweep(reconciler, 2, [])
    expect(reconciler.alertKinds()).toEqual(['mass_disappearance'])
    reconciler.isTopicDown = true
    await sweep(reconciler, 1, listWith(users(30)))
    reconciler.isTopicDown = false
    await sweep(reconciler, 2, listWith(users(30)))
    expect(reconciler.alertKinds()).toEqual(['mass_disappearance', 'all_clear mass_disappearance'])
  })
})

describe('a room whose close was lost', () => {
  it('closes once, when the last person left', async () => {
    const reconciler = await setUpMeeting(['U'])
    reconciler.receive({ event: 'leave', room_id: 'R', user_id: 'U', event_type: 'normal' })
    const leftAt = reconciler.now
    reconciler.advanceTime(20_000)
    await sweep(reconciler, 10, [])
    expect(reconciler.corrections).toHaveLength(1)
    expect(await findRoom(reconciler)).toMatchObject({ status: 'closed', closed_at: leftAt })
  })
})
