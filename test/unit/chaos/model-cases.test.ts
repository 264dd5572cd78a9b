import { describe, expect, it } from 'vitest'
import { modelInstallation } from '../../chaos/model/installation.ts'
import type { ShownParticipant, ShownRecording, ShownRoom } from '../../chaos/model/shown-state.ts'
import { baseTime, type FieldCase, fieldCases, paramsOf } from '../../support/field-cases.ts'

describe('modelInstallation', () => {
  it.each(fieldCases)('models the field case: $name', (fieldCase) => {
    const { shown } = modelInstallation(logOf(fieldCase))
    const { room, participants, sessions, recordings, present } = fieldCase.expect
    expect(shown.participants.filter(({ status }) => status === 'in_room').length).toBe(present)
    if (room !== undefined) expect(pick(summarizeRoom(shown.rooms[0]), room)).toEqual(room)
    for (const [user_id, expected] of Object.entries(participants)) {
      const found = shown.participants.find((participant) => participant.user_id === user_id)
      expect(pick(summarizeParticipant(found), expected)).toEqual(expected)
    }
    if (sessions !== undefined) expect(shown.sessions.length).toBe(sessions)
    if (recordings !== undefined) expect(sortAll(shown.recordings, recordings)).toEqual(recordings)
  })
})

function logOf(fieldCase: FieldCase) {
  return paramsOf(fieldCase, 'R').map(({ received_at, source, params }) => ({
    trace_id: params.trace_id,
    event: params.event ?? '',
    received_at: new Date(received_at).toISOString(),
    source,
    params,
  }))
}

const msAfterBase = (time: string | null | undefined) => (time == null ? null : Date.parse(time) - baseTime)

function summarizeRoom(room: ShownRoom | undefined) {
  return { ...room, opened_at: msAfterBase(room?.opened_at), closed_at: msAfterBase(room?.closed_at) }
}

function summarizeParticipant(participant: ShownParticipant | undefined) {
  const { streams = [], subscriptions = [] } = participant ?? {}
  return {
    ...participant,
    joined_at: msAfterBase(participant?.joined_at),
    left_at: msAfterBase(participant?.left_at),
    streams: streams.map(({ stream_id }) => stream_id).sort(),
    stream_types: streams.map(({ stream_type }) => stream_type).sort(),
    subscriptions: subscriptions.map(({ stream_id }) => stream_id).sort(),
  }
}

/** The fields that the expectation names. */
function pick(found: object, expected: object) {
  return Object.fromEntries(Object.entries(found).filter(([key]) => key in expected))
}

/** The recordings, reduced to what the expectation at the same place names. */
function sortAll(found: readonly ShownRecording[], expected: readonly object[]) {
  return found.map((recording, index) => pick(recording, expected[index] ?? {}))
}
