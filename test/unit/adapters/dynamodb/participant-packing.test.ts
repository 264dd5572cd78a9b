import { describe, expect, it } from 'vitest'
import { generateMeetings, realisticMix } from '../../../../bench/mix.ts'
import { storedProjectionSize } from '../../../../bench/stored-projections.ts'
import { type NorthboundEvent, parseEvent } from '../../../../core/protocol/events.ts'
import { orderKey } from '../../../../core/state/order.ts'

const burst = generateMeetings({ ...realisticMix, rooms: 1, duplicateShare: 0 })
  .filter(({ params }) => params.user_id === '10003')
  .slice(0, 12)
const joinedAt = burst[0]?.received_at ?? 0
// A permanent room has been closed before.
const seenClose = { order: orderKey(burst[0] as (typeof burst)[number]), chain: 2_147_483_647 }
const sizeAfter = (...events: NorthboundEvent[]) =>
  storedProjectionSize([...burst, ...events], { version: 1000, seenClose })

/** An event of the same participant, `ms` after the typical join. */
function later(
  ms: number,
  event: string,
  params: Record<string, string> = {},
  source: 'callback' | 'reconcile' = 'callback',
) {
  const last = burst.at(-1)
  if (last === undefined) throw new Error('the mix has no such participant')
  const { room_id = '', user_id = '', user_name = '' } = last.params
  const metadata = { trace_id: crypto.randomUUID(), received_at: last.received_at + ms, source }
  return parseEvent(metadata, { event, room_id, user_id, user_name, ...params })
}

describe('the stored projection of a participant after a typical join', () => {
  it('fits into one write unit', () => {
    expect(burst.map(({ event }) => event).join()).toMatch(/^join(,publish|,sub){11}$/)
    expect(sizeAfter()).toBeLessThanOrEqual(1024)
  })

  it.each([
    ['estimated', later(600_000, 'leave', { event_type: 'reconciled' }, 'reconcile')],
    ['a kick', later(600_000, 'leave', { event_type: 'clientKick', endpoint_type: 'web' })],
    ['a leave', later(600_000, 'leave', { event_type: 'normal', endpoint_type: 'web' })],
  ])('fits into one write unit after an end that is %s', (_, leave) => {
    expect(sizeAfter(leave)).toBeLessThanOrEqual(1024)
  })

  it('fits into one write unit after an estimated end and an estimated return that are undecided', () => {
    const leave = later(600_000, 'leave', { event_type: 'reconciled' }, 'reconcile')
    const join = later(1_500_000, 'join', {}, 'reconcile')
    const size = sizeAfter(leave, join)
    expect(size).toBeLessThanOrEqual(1024)
  })

  it('fits into one write unit after a second join, as after the crash of a media server', () => {
    const again = burst.map((event) => later(600_000 + event.received_at - joinedAt, event.event, renewStream(event)))
    expect(sizeAfter(...again)).toBeLessThanOrEqual(1024)
  })
})

/** The parameters of an event with another stream. */
function renewStream({ params }: NorthboundEvent): Record<string, string> {
  const { stream_id } = params
  return { ...params, ...(stream_id && { stream_id: [...stream_id].reverse().join('') }) }
}
