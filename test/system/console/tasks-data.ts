import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { documentClient } from '../../../adapters/dynamodb/client.ts'
import { dynamodbPeopleDirectory } from '../../../adapters/dynamodb/people-directory.ts'
import { dynamodbUsageStore } from '../../../adapters/dynamodb/usage-store.ts'
import type { EventSource } from '../../../core/protocol/events.ts'
import { addSample, hourOf, msPerHour } from '../../../core/usage/usage-hour.ts'
import { checkCodeKey, type System, startSystem } from '../../support/system.ts'
import { keepSample } from './keep-sample.ts'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
const retentionDays = 400

export const roomId = 'math-7'
export const peakPeople = 87
/** Minutes that each student was in yesterday's lesson. */
export const lessonMinutes = { s1: 40, s2: 45 }

/** A school: a permanent room with a lesson yesterday and one now, recordings, media servers, usage, and a callback with a wrong key. */
export async function startSchool(): Promise<System> {
  const system = await startSystem({ checkCodeKey })
  const now = Date.now()
  let lastTraceId = 0
  const send = (event: string, at: number, params: Record<string, string>, source?: EventSource) => {
    lastTraceId += 1
    return system.enqueue({ event, trace_id: `t${lastTraceId}`, room_id: roomId, ...params }, at, source)
  }
  const lesson = now - dayMs
  await send('open', lesson, {})
  await send('name_room', lesson, { room_name: '七年级数学' }, 'reconcile')
  const join = { endpoint_type: 'web', event_type: 'normal' }
  for (const [user_id, minutes] of Object.entries(lessonMinutes)) {
    await send('join', lesson, { ...join, user_id, user_name: `学生 ${user_id}` })
    await send('leave', lesson + minutes * minuteMs, { user_id, event_type: 'normal' })
  }
  await send('join', now - 5 * minuteMs, { ...join, user_id: 's2', user_name: '王小明' })
  for (const [exporter_id, daysAgo] of [
    ['new', 3],
    ['old', 20],
  ] as const)
    await send('start_record', now - daysAgo * dayMs, { exporter_id, exporter_type: 'mp4', event_type: 'success' })
  const warning = { event_type: 'check_port', options: '[{"type":"udp","port":40000},{"type":"udp","port":40001}]' }
  for (const [box_code, minutesAgo] of [
    ['box-over', 300],
    ['box-over', 298],
    ['box-bad', 20],
    ['box-bad', 1],
  ] as const)
    await send('warning_notify', now - minutesAgo * minuteMs, { ...warning, box_code })
  // The first invocations start all functions.
  await system.settle()
  const refused = { event: 'join', trace_id: 'refused', room_id: roomId, user_id: 's3', check_code: 'ab'.repeat(32) }
  await keepSample(system, () => system.callback(refused), 'check_code_wrong')
  await storeUsage(system, now)
  return system
}

/** Stores what the function that samples usage would have written: a minute of yesterday, one of this hour, and a person. */
async function storeUsage({ run }: System, now: number): Promise<void> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  const client = new DynamoDBClient({ endpoint: run.awsEndpointUrl, region: run.region, credentials })
  const table = run.outputs.StateTableName ?? ''
  const usage = dynamodbUsageStore(documentClient(client), table, retentionDays)
  for (const [at, people] of [
    [now - dayMs, peakPeople - 10],
    [now, peakPeople],
  ] as const) {
    const sample = { at: hourOf(at) * msPerHour, people, rooms: 12, meetings: 4 }
    await usage.write(addSample(undefined, sample), undefined)
  }
  const directory = dynamodbPeopleDirectory(documentClient(client), table, retentionDays)
  await directory.write([{ user_id: 's2', room_id: roomId, user_name: '王小明', seen_at: now }])
  client.destroy()
}
