import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { z } from 'zod'
import type { ProjectionStore } from '../../core/ports/projection-store.ts'
import { isPastSession } from '../../core/projection/past-entries.ts'
import { type NorthboundEvent, parseEvent } from '../../core/protocol/events.ts'
import { latestRecording } from '../../core/state/exporter.ts'
import { isPresent, type ParticipantState } from '../../core/state/participant.ts'
import type { Recording } from '../../core/state/recording.ts'
import type { RoomState } from '../../core/state/room.ts'
import { readStoredPastEntries, readStoredSessions, readStoredStates } from './apply.ts'

const participantSchema = z.strictObject({
  status: z.enum(['in_room', 'left']).optional(),
  joined_at: z.number().optional(),
  left_at: z.number().optional(),
  leave_reason: z.string().optional(),
  reconnects: z.number().optional(),
  endpoint_type: z.string().optional(),
  streams: z.array(z.string()).optional(),
  stream_types: z.array(z.string()).optional(),
  subscriptions: z.array(z.string()).optional(),
  estimated: z.boolean().optional(),
})

const roomSchema = z.strictObject({
  status: z.enum(['open', 'closed']).optional(),
  opened_at: z.number().optional(),
  closed_at: z.number().optional(),
  close_reason: z.string().optional(),
  reopened: z.number().optional(),
  estimated: z.boolean().optional(),
})

const recordingSchema = z.strictObject({
  exporter_id: z.string().nullable(),
  status: z.string(),
  files: z.array(z.string()).optional(),
  reason: z.string().optional(),
})

const caseSchema = z.strictObject({
  name: z.string(),
  kind: z.string(),
  events: z.array(
    z.object({ t: z.number(), source: z.enum(['callback', 'reconcile']).default('callback') }).catchall(z.string()),
  ),
  expect: z.strictObject({
    present: z.number().default(0),
    room: roomSchema.optional(),
    participants: z.record(z.string(), participantSchema).default({}),
    sessions: z.number().optional(),
    recordings: z.array(recordingSchema).optional(),
  }),
})

export type FieldCase = z.output<typeof caseSchema>

function readCases(name: string): readonly FieldCase[] {
  const file = new URL(`../cases/${name}`, import.meta.url)
  return z.object({ cases: z.array(caseSchema) }).parse(JSON.parse(readFileSync(file, 'utf8'))).cases
}

/** Sequences of events from the field, with the state that they must end in (docs/contract.md, section 4). */
export const fieldCases: readonly FieldCase[] = [
  ...readCases('state.json'),
  ...readCases('participants.json'),
  ...readCases('rooms.json'),
  ...readCases('recordings.json'),
]

/** ms since 1970: the time of receipt of an event with `t` 0. */
export const baseTime = Date.UTC(2026, 0, 15, 1)

/** The parameters of each event, with its time of receipt (ms). */
export function paramsOf({ name, events }: FieldCase, roomId: string) {
  return events.map(({ t, source, ...params }, index) => ({
    received_at: baseTime + t,
    source,
    params: { room_id: roomId, trace_id: `${name} ${index}`, ...params } as Record<string, string> & {
      trace_id: string
    },
  }))
}

export function eventsOf(fieldCase: FieldCase): NorthboundEvent[] {
  return paramsOf(fieldCase, 'R').map(({ received_at, source, params }) =>
    parseEvent({ trace_id: params.trace_id, received_at, source }, params),
  )
}

/** Verifies that the store holds the expected state. */
export async function verifyFieldCase(store: ProjectionStore, fieldCase: FieldCase): Promise<void> {
  const events = eventsOf(fieldCase)
  const states = await readStoredStates(store, events)
  const participants = [...states].flatMap(([stream, state]) =>
    state.kind === 'participant' ? [{ user_id: String(JSON.parse(stream)[2]), state }] : [],
  )
  expect(participants.filter(({ state }) => isPresent(state)).length).toBe(fieldCase.expect.present)
  for (const [user_id, expected] of Object.entries(fieldCase.expect.participants)) {
    const found = participants.find((participant) => participant.user_id === user_id)
    expect(found && summarizeParticipant(found.state, expected)).toEqual(expected)
  }
  const room = [...states.values()].find((state) => state.kind === 'room')
  if (fieldCase.expect.room !== undefined)
    expect(room && summarizeRoom(room, fieldCase.expect.room)).toEqual(fieldCase.expect.room)
  if (fieldCase.expect.recordings !== undefined) await verifyRecordings(store, events, fieldCase.expect.recordings)
  if (fieldCase.expect.sessions === undefined) return
  const past = [...(await readStoredSessions(store, events)).values()].flat()
  expect(past.length + participants.filter(({ state }) => state.session !== null).length).toBe(
    fieldCase.expect.sessions,
  )
}

/** Verifies the recordings, past ones included, in the order of their starts. */
async function verifyRecordings(
  store: ProjectionStore,
  events: readonly NorthboundEvent[],
  expected: readonly z.output<typeof recordingSchema>[],
): Promise<void> {
  const past = [...(await readStoredPastEntries(store, events)).values()].flat()
  const latest = [...(await readStoredStates(store, events)).values()]
  const found = [
    ...past.flatMap((entry) => (isPastSession(entry) ? [] : [entry])),
    ...latest.flatMap((state) => (state.kind === 'recording' ? [latestRecording(state)] : [])),
  ].sort((one, other) => startOf(one) - startOf(other))
  expect(found.map(({ exporter_id, status }) => ({ exporter_id, status }))).toEqual(
    expected.map(({ exporter_id, status }) => ({ exporter_id, status })),
  )
  for (const [index, { files, reason }] of expected.entries()) {
    if (files !== undefined) expect(JSON.parse(found[index]?.files ?? 'null')).toEqual(files)
    if (reason !== undefined) expect(found[index]?.reason).toBe(reason)
  }
}

function startOf({ start_instant, first_event_at }: Recording): number {
  return start_instant ?? first_event_at
}

/** The state of a room in the form of the cases, reduced to what the case states. */
function summarizeRoom(
  { status, opened_at, closed_at, close_reason, reopened, opening_estimated, closing_estimated }: RoomState,
  expected: z.output<typeof roomSchema>,
) {
  const all = {
    status,
    opened_at: opened_at && opened_at - baseTime,
    closed_at: closed_at && closed_at - baseTime,
    close_reason,
    reopened,
    estimated: opening_estimated || closing_estimated,
  }
  return Object.fromEntries(Object.entries(all).filter(([key]) => key in expected))
}

/** The state of a participant in the form of the cases, reduced to what the case states. */
function summarizeParticipant(
  { session, streams, subscriptions }: ParticipantState,
  expected: z.output<typeof participantSchema>,
) {
  const end = session?.end ?? null
  const all = {
    status: end === null ? 'in_room' : 'left',
    joined_at: (session?.joined_at ?? Number.NaN) - baseTime,
    left_at: end && end.at - baseTime,
    leave_reason: end?.reason,
    reconnects: session?.reconnects,
    endpoint_type: session?.endpoint_type,
    streams: streams.map(({ stream_id }) => stream_id).sort(),
    stream_types: streams.map(({ stream_type }) => stream_type).sort(),
    subscriptions: subscriptions.map(({ stream_id }) => stream_id).sort(),
    estimated: session !== null && (session.start_estimated || (end?.estimated ?? false)),
  }
  return Object.fromEntries(Object.entries(all).filter(([key]) => key in expected))
}
