import fc from 'fast-check'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { event } from './events.ts'

const second = 1000
const minute = 60 * second

/** ms: clusters on both sides of every limit of the rules for rooms. */
const anyTime = fc
  .tuple(
    fc.constantFrom(0, 1, 2, 4, 6, 9, 12, 25, 32, 45),
    fc.constantFrom(0, 1, 3 * second, 4999, 6 * second, 20 * second),
  )
  .map(([minutes, ms]) => minutes * minute + ms)

const correctable = ['open', 'close', 'join', 'leave']
const paramsByEvent: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  publish: { stream_id: 'S', stream_type: 'audio' },
  start_record: { event_type: 'success', exporter_id: 'E', start_time: '1764100000' },
}

const anyOccurrence = fc.record({
  name: fc.constantFrom(
    'open',
    'close',
    'join',
    'join',
    'leave',
    'leave',
    'publish',
    'update',
    'start_record',
    'name_room',
  ),
  user_id: fc.constantFrom('U1', 'U2', 'U3'),
  at: anyTime,
  isEstimated: fc.nat(2).map((roll) => roll === 0),
  duplicateAt: fc.option(anyTime, { freq: 6 }),
})

/** Events of one room and three people in it, genuine and estimated, in any order, some of them twice. */
export const anyRoomDeliveries: fc.Arbitrary<NorthboundEvent[]> = fc
  .array(anyOccurrence, { minLength: 1, maxLength: 9 })
  .chain((occurrences) => {
    const events = occurrences.flatMap(({ name, user_id, at, isEstimated, duplicateAt }, index) => {
      const isCorrection = name === 'name_room' || (isEstimated && correctable.includes(name))
      const source = isCorrection ? 'reconcile' : 'callback'
      const event_type = source === 'reconcile' ? 'reconciled' : 'normal'
      const times = duplicateAt === null ? [at] : [at, duplicateAt]
      const params = { user_id, event_type, room_name: `N${index}`, ...paramsByEvent[name] }
      return times.map((time) => event(name, params, { at: time, trace: `t${index}`, source }))
    })
    return fc.shuffledSubarray(events, { minLength: events.length })
  })
