import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { baseTime, type FieldCase, fieldCases, paramsOf } from '../support/field-cases.ts'
import { type System, startSystem } from '../support/system.ts'

type Fields = Readonly<Record<string, unknown>>
type ParticipantBody = Fields & {
  readonly user_id: string
  readonly streams: readonly { readonly stream_id: string; readonly stream_type: string }[]
  readonly subscriptions: readonly { readonly stream_id: string }[]
}
type SessionBody = Fields & { readonly user_id: string; readonly joined_at: string }
type RecordingBody = Fields & { readonly started_at: string | null; readonly exporter_id: string | null }
type RoomBody = {
  readonly room: Fields
  readonly participants: readonly ParticipantBody[]
  readonly recordings: readonly RecordingBody[]
}

type Deliveries = ReturnType<typeof paramsOf>

const arrivals: readonly { readonly arrival: string; readonly arrange: (deliveries: Deliveries) => Deliveries }[] = [
  { arrival: 'in order', arrange: (deliveries) => deliveries },
  { arrival: 'in reverse and twice', arrange: (deliveries) => [...deliveries, ...deliveries].toReversed() },
]
const deliveredCases = arrivals.flatMap(({ arrival, arrange }, turn) =>
  fieldCases.map((fieldCase, index) => {
    const roomId = `R-${turn}-${index}`
    return { arrival, name: fieldCase.name, roomId, fieldCase, deliveries: arrange(paramsOf(fieldCase, roomId)) }
  }),
)

describe('the running system', () => {
  let system: System
  beforeAll(async () => {
    system = await startSystem()
    await Promise.all(
      deliveredCases.map(async ({ deliveries }) => {
        for (const { params, received_at, source } of deliveries) await system.enqueue(params, received_at, source)
      }),
    )
    await system.settle()
  })
  afterAll(() => system.run.stop())

  async function query<Body>(path: string): Promise<Body> {
    return (await system.query(path)).body as Body
  }

  it.each(deliveredCases)(
    'shows the expected state for the field case "$name", delivered $arrival',
    async ({ fieldCase: { expect: expected }, roomId }) => {
      const { room, participants, recordings } = await query<RoomBody>(`/api/rooms/${roomId}`)
      expect(selectStated(room, { present: 0, ...expected.room })).toEqual({
        present: expected.present,
        ...expected.room,
      })
      for (const [user_id, stated] of Object.entries(expected.participants)) {
        const found = participants.find((participant) => participant.user_id === user_id)
        expect(found && selectStated(toParticipant(found), stated)).toEqual(stated)
      }
      const sessions = await query<{ items: SessionBody[] }>(`/api/rooms/${roomId}/sessions`)
      verifySessions(sessions.items, expected)
      if (expected.recordings === undefined) return
      const listed = await query<{ items: RecordingBody[] }>(`/api/recordings?room_id=${roomId}`)
      for (const found of [listed.items, recordings].map(sortByStart)) {
        expect(found).toHaveLength(expected.recordings.length)
        expect(found.map((one, index) => selectStated(one, expected.recordings?.[index] ?? {}))).toEqual(
          expected.recordings,
        )
      }
    },
  )
})

/** Verifies the number of sessions, and that the latest session of each participant shows what the case states. */
function verifySessions(sessions: readonly SessionBody[], expected: FieldCase['expect']): void {
  if (expected.sessions !== undefined) expect(sessions).toHaveLength(expected.sessions)
  for (const [user_id, stated] of Object.entries(expected.participants)) {
    const own = sessions.filter((session) => session.user_id === user_id)
    const latest = own.toSorted((one, other) => (one.joined_at < other.joined_at ? -1 : 1)).at(-1)
    const { status: _, streams: _streams, stream_types: _types, subscriptions: _subscriptions, ...facts } = stated
    expect(latest && selectStated(latest, facts)).toEqual(facts)
  }
}

function toParticipant({ streams, subscriptions, ...fields }: ParticipantBody): Fields {
  return {
    ...fields,
    streams: streams.map(({ stream_id }) => stream_id).sort(),
    stream_types: streams.map(({ stream_type }) => stream_type).sort(),
    subscriptions: subscriptions.map(({ stream_id }) => stream_id).sort(),
  }
}

/** The fields that a case states, with times in ms since its start. */
function selectStated(fields: Fields, stated: Fields): Fields {
  return Object.fromEntries(
    Object.keys(stated).map((name) => {
      const value = fields[name]
      const isTime = name.endsWith('_at') && typeof value === 'string'
      return [name, isTime ? Date.parse(value) - baseTime : value]
    }),
  )
}

/** In the order of the cases. Of recordings with the same start, those without an exporter come first. */
function sortByStart(recordings: readonly RecordingBody[]): RecordingBody[] {
  const key = ({ started_at, exporter_id }: RecordingBody) => `${started_at ?? ''} ${exporter_id ?? ''}`
  return recordings.toSorted((one, other) => (key(one) < key(other) ? -1 : 1))
}
