import { describe, expect, it } from 'vitest'
import { emptyProjection } from '../../../../core/projection/projection.ts'
import { event } from '../../../support/events.ts'
import { encodeBody, joinOf, rebuildOf, setUpHandler } from './set-up-handler.ts'

const participant = { kind: 'participant', room_id: 'R', user_id: 'a' } as const

describe('createHandler with a command', () => {
  it('folds a damaged projection again and writes it only if that changes it', async () => {
    const { deliver, store, readParticipant, metricCount } = setUpHandler()
    await deliver(['1', encodeBody(joinOf('a', { user_name: 'Ann' }))])
    const [stored = emptyProjection(participant)] = await store.read([participant])
    await store.write({ ...stored, state: undefined })
    expect(await deliver(['2', rebuildOf(participant)])).toEqual([])
    expect(await readParticipant('a')).toMatchObject({ user_name: 'Ann', session: { joined_at: 10 } })
    expect(await deliver(['3', rebuildOf(participant)])).toEqual([])
    expect(await store.read([participant])).toMatchObject([{ version: 3 }])
    expect(metricCount('ProjectionsRebuilt')).toBe(2)
  })

  it('ends the sessions of everyone in a rebuilt room', async () => {
    const { deliver, store, log, readParticipant } = setUpHandler()
    await deliver(['1', encodeBody(joinOf('a'))])
    // The close is in the log, but it became a dead letter before its projection was written.
    await log.append(event('close', { room_id: 'R', event_type: 'user' }, { at: 20 }))
    await deliver(['2', rebuildOf({ kind: 'room', room_id: 'R' })])
    expect(await store.read([{ kind: 'room', room_id: 'R' }])).toMatchObject([{ state: { closed_at: 20 } }])
    expect(await readParticipant('a')).toMatchObject({ session: { end: { at: 20, reason: 'room_closed' } } })
  })

  it('applies the events of the same aggregate in the same batch once', async () => {
    const { deliver, readParticipant, metricCount } = setUpHandler()
    const messages = [encodeBody(joinOf('a')), rebuildOf(participant), rebuildOf(participant)]
    expect(await deliver(...messages.map((body, index): [string, string] => [String(index), body]))).toEqual([])
    expect(await readParticipant('a')).toMatchObject({ session: { joined_at: 10, reconnects: 0 } })
    expect(metricCount('EventsApplied')).toBe(1)
  })

  it('retries a command that fails, and no other message', async () => {
    const { deliver, store, log } = setUpHandler({ write: () => Promise.reject(new Error('no capacity')) })
    await log.append(event('join', { room_id: 'R', user_id: 'a' }))
    const messages: [string, string][] = [
      ['1', rebuildOf(participant)],
      ['2', encodeBody({ event: 'hologram_on', room_id: 'R' })],
    ]
    expect(await deliver(...messages)).toEqual(['1'])
    expect(await store.read([participant])).toEqual([emptyProjection(participant)])
  })
})
