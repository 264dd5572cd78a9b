import fc from 'fast-check'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { event } from './events.ts'

const second = 1000
const minute = 60 * second
/** ms since 1970: later than the starts of the recordings. */
const startMs = 1_764_102_000_000
const minSilenceMs = 10 * second

/** Pauses on both sides of every limit of docs/contract.md, section 4. */
const pauseMs = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 6 * second }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(0, 5 * second, 10 * second, 60 * second, 5 * minute, 10 * minute, 30 * minute),
  },
  { weight: 2, arbitrary: fc.integer({ min: 6 * second, max: 70 * second }) },
  { weight: 2, arbitrary: fc.integer({ min: 1 * minute, max: 11 * minute }) },
  { weight: 1, arbitrary: fc.integer({ min: 11 * minute, max: 40 * minute }) },
)
const stream = { stream_id: fc.constantFrom('a', 'b'), stream_type: fc.constantFrom('audio', 'video') }
const profile = { endpoint_type: fc.constantFrom('web', 'iOS', ''), user_name: fc.constantFrom('Ann', 'Bo', '') }
const recording = {
  exporter_id: fc.constantFrom('E', 'F', ''),
  start_time: fc.constantFrom('1764100000', '1764100600', '1764101800000', 'noon', ''),
  stop_time: fc.constantFrom('1764101000', '1764101060', ''),
  event_type: fc.constantFrom('success', 'faild'),
  options: fc.constantFrom('["a.mp4"]', 'disk full', ''),
}
const leaveTypes = fc.constantFrom('normal', 'clientKick', 'clientKick', 'serverKick', 'offline')

type Occurrence = { readonly name: string; readonly params: Record<string, string>; readonly isEstimated: boolean }

/** @param weights of the kinds of events; `!` marks those of sweeps. */
function occurrenceOf(weights: Readonly<Record<string, number>>): fc.Arbitrary<Occurrence> {
  return fc.oneof(
    ...Object.entries(weights).map(([entry, weight]) => {
      const isEstimated = entry.endsWith('!')
      const name = entry.replace('!', '')
      return {
        weight,
        arbitrary: fc.record(paramsOf(name, isEstimated)).map((params) => ({ name, params, isEstimated })),
      }
    }),
  )
}

function paramsOf(name: string, isEstimated: boolean): Record<string, fc.Arbitrary<string>> {
  if (isEstimated && name !== 'join')
    return { event_type: fc.constant('reconciled'), room_name: fc.constantFrom('Tea', '周会') }
  if (name === 'join') return profile
  if (name === 'update') return { user_name: profile.user_name }
  if (name === 'leave') return { event_type: leaveTypes, ...profile }
  if (name === 'close') return { event_type: fc.constantFrom('user', 'auto') }
  if (name.endsWith('record') || name.startsWith('record')) return recording
  if (name.endsWith('publish') || name.endsWith('sub')) return name === 'publish' ? { ...stream, ...profile } : stream
  return {}
}

/** Weighted towards what interacts. */
const personWeights = {
  join: 4,
  leave: 4,
  publish: 3,
  unpublish: 2,
  sub: 1,
  unsub: 1,
  update: 1,
  'join!': 2,
  'leave!': 2,
  close: 1,
  'close!': 1,
}
const roomWeights = {
  ...{ open: 3, 'open!': 2, close: 3, 'close!': 3, 'name_room!': 1 },
  ...{ join: 4, leave: 4, 'join!': 2, 'leave!': 1, publish: 1, update: 1 },
  ...{ start_record: 1, stop_record: 1, record_transcoding_completion: 1 },
}
const recordingWeights = { start_record: 1, stop_record: 1, record_transcoding_completion: 1 }
function historiesOf(
  weights: Readonly<Record<string, number>>,
  { people, maxLength }: { readonly people: readonly string[]; readonly maxLength: number },
): fc.Arbitrary<NorthboundEvent[]> {
  const entry = fc.record({
    occurrence: occurrenceOf(weights),
    user_id: fc.constantFrom(...people),
    pauseMs,
  })
  return fc.array(entry, { minLength: 1, maxLength }).map((entries) => {
    let at = startMs
    return entries.map(({ occurrence: { name, params, isEstimated }, user_id, pauseMs }, index) => {
      // A sweep adds no one about whom something was heard a moment ago (docs/contract.md, section 5).
      at += name === 'join' && isEstimated ? Math.max(pauseMs, minSilenceMs) : pauseMs
      const source = isEstimated ? 'reconcile' : 'callback'
      return event(name, { user_id, ...params }, { at, source, trace: `t${String(index).padStart(2, '0')}` })
    })
  })
}
export const personHistories = historiesOf(personWeights, { people: ['U'], maxLength: 14 })
export const roomHistories = historiesOf(roomWeights, { people: ['U1', 'U2', 'U3'], maxLength: 14 })
export const recordingHistories = historiesOf(recordingWeights, { people: ['U'], maxLength: 8 })

/** The events in another order, some of them twice, the second time with a later time of receipt. */
export function repeatAndShuffle(histories: fc.Arbitrary<NorthboundEvent[]>): fc.Arbitrary<NorthboundEvent[]> {
  const isRepeated = fc.nat(9).map((roll) => roll === 0)
  return fc.tuple(histories, fc.infiniteStream(isRepeated)).chain(([history, rolls]) => {
    const events = history.flatMap((event) => {
      const repeated = { ...event, received_at: event.received_at + minute }
      return rolls.next().value ? [event, repeated] : [event]
    })
    return fc.shuffledSubarray(events, { minLength: events.length })
  })
}
