import { describe, expect, it } from 'vitest'
import { vocabularies } from '../../../console/wire-vocabularies.ts'
import { dataSchema, type KnownEventData, parseEvent } from '../../../core/protocol/events.ts'
import { boxSchema, callbacksSchema } from '../../../lambdas/query-api/response-schemas/health.ts'
import { recordingSchema, roomDetailsSchema, roomSchema } from '../../../lambdas/query-api/response-schemas/rooms.ts'
import { rejectionOutcomes } from '../../../names/outcomes.ts'

type LeaveReason = Extract<KnownEventData, { event: 'leave' }>['event_type'] | 'room_closed'
type CloseReason = Extract<KnownEventData, { event: 'close' }>['event_type']
type StreamType = Extract<KnownEventData, { event: 'publish' }>['stream_type']

// tsc fails here if one of them has no name.
vocabularies.leave_reason satisfies Record<LeaveReason, unknown>
vocabularies.close_reason satisfies Record<CloseReason, unknown>
vocabularies.stream_type satisfies Record<StreamType, unknown>

/** The endpoint types of the vendor's document (docs/protocol.md, Events). */
const endpointTypes = ['ios', 'android', 'hw', 'web', 'win', 'weixin', 'mac', 'pstn', 'sip', 'h323']

/** An event as it is stored after a join from this endpoint. */
function storedEndpoint(endpoint_type: string): string | undefined {
  const params = { event: 'join', trace_id: 't', room_id: 'r', user_id: 'u', endpoint_type }
  const { data } = parseEvent({ trace_id: 't', received_at: 0, source: 'callback' }, params)
  return data.event === 'join' ? data.endpoint_type : undefined
}

describe('the words of the wire', () => {
  it.each([
    ['room_status', roomSchema.shape.status.options],
    ['participant_status', roomDetailsSchema.shape.participants.element.shape.status.options],
    ['recording_status', recordingSchema.shape.status.options],
    ['box_state', boxSchema.shape.state.options],
    ['sender', callbacksSchema.shape.kinds.element.shape.sent_by.unwrap().options],
    ['refused_outcome', rejectionOutcomes],
    ['endpoint_type', endpointTypes.map((type) => storedEndpoint(type.toUpperCase()) ?? '')],
    ['event', [...dataSchema.options.map(({ shape }) => shape.event.value), 'other']],
  ] as const)('of %s all have names', (vocabulary, values) => {
    const sent = (values as readonly string[]).filter((value) => value !== 'name_room')
    expect(Object.keys(vocabularies[vocabulary])).toEqual(expect.arrayContaining(sent))
  })

  it('have a name in Chinese and one in English, and no two of a field have the same', () => {
    for (const words of Object.values(vocabularies))
      for (const language of [0, 1] as const) {
        const names = Object.values(words as Record<string, readonly [string, string]>).map((name) => name[language])
        expect(names.filter((name) => name.trim() === '')).toEqual([])
        expect(new Set(names).size).toBe(names.length)
      }
  })
})
