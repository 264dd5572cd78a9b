import { describe, expect, it } from 'vitest'
import { roomMessages } from '../../../../cli/replay/room-messages.ts'
import { eventId } from '../../../../core/protocol/event-id.ts'
import type { NorthboundEvent } from '../../../../core/protocol/events.ts'
import { foldSteps } from '../../../../core/state/fold.ts'
import { orderKey } from '../../../../core/state/order.ts'
import { event } from '../../../support/events.ts'
import { memoryLog } from './memory-log.ts'

const open = event('open', {}, { at: 1000 })
const join = event('join', { user_name: 'Ann' }, { at: 20_000 })
const leave = event('leave', { event_type: 'normal' }, { at: 50_000 })
const straggler = event('leave', { event_type: 'normal' }, { at: 60_000 })
const rejoin = event('join', {}, { at: 70_000 })
const joinV = event('join', { user_id: 'V' }, { at: 80_000 })
const close = event('close', { event_type: 'auto' }, { at: 90_000 })
const all = [open, join, leave, straggler, rejoin, joinV, close]

async function buildAll(events: readonly NorthboundEvent[], memory = memoryLog(all), from = 0) {
  memory.endedByClose.set(close.received_at, ['V', 'U'])
  const messagesOf = roomMessages(memory.log, 'R', { from })
  const built = []
  for (const one of events) built.push(...(await messagesOf(one)))
  return built
}

describe('roomMessages', () => {
  it('builds the message of an event with the id with which it was published first', async () => {
    const [message] = await buildAll([join])
    expect(message).toMatchObject({ body: { id: eventId(join), event: 'join', params: join.params }, room_id: 'R' })
    expect(message?.body).not.toHaveProperty('session')
  })

  it('adds the session that a leave ended, or null', async () => {
    const messages = await buildAll([leave, straggler])
    expect(messages.map(({ body }) => body.session)).toEqual([
      expect.objectContaining({ user_id: 'U', user_name: 'Ann', seconds: 30, leave_reason: 'normal' }),
      null,
    ])
  })

  it('adds a session_ended for each session that a close ended', async () => {
    const messages = await buildAll([close])
    expect(messages.map(({ body }) => [body.event, body.session?.user_id, body.session?.seconds])).toEqual([
      ['close', undefined, undefined],
      ['session_ended', 'U', 20],
      ['session_ended', 'V', 10],
    ])
    expect(new Set(messages.map(({ body }) => body.id)).size).toBe(3)
  })

  it('adds none for a user whose session the close did not end by the log', async () => {
    const messages = await buildAll([close], memoryLog([open, join, leave, close]))
    expect(messages.map(({ body }) => body.event)).toEqual(['close'])
  })

  it('adds the session to a close if a later event showed that an inferred end before it was wrong', async () => {
    const inferred = event('leave', { event_type: 'reconciled' }, { at: 85_000, source: 'reconcile' })
    const update = event('update', { user_name: 'Bo' }, { at: 95_000 })
    const messages = await buildAll([close], memoryLog([open, rejoin, inferred, close, update]))
    expect(messages.map(({ body }) => [body.event, body.session?.user_id, body.session?.seconds])).toEqual([
      ['close', undefined, undefined],
      ['session_ended', 'U', 20],
    ])
  })

  it('reads the history of each participant once', async () => {
    const memory = memoryLog(all)
    await buildAll([leave, straggler, close], memory)
    expect(memory.reads.toSorted()).toEqual(['U', 'V'])
  })

  it('begins at the last checkpoint, because the log may no longer have what came before', async () => {
    const memory = memoryLog([leave])
    const [step] = foldSteps(undefined, [join], [], { alertWindowMs: 0, timeZone: 'UTC' })
    memory.checkpoints.set('U', { order: orderKey(join), state: step?.after ?? null, next_at: 50_000 })
    const [message] = await buildAll([leave], memory, 40_000)
    expect(message?.body.session).toMatchObject({ user_name: 'Ann', seconds: 30 })
  })
})
