import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { SNSClient } from '@aws-sdk/client-sns'
import { SQSClient } from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { awsJsonClient } from '../../../adapters/aws-json/client.ts'
import { dynamodbAggregateReader } from '../../../adapters/dynamodb/aggregate-reader.ts'
import { dynamodbApplierActivityReader, dynamodbFailureRecorder } from '../../../adapters/dynamodb/applier-activity.ts'
import {
  dynamodbCallbackClock,
  dynamodbCallbackCounter,
  dynamodbCallbackCountReader,
} from '../../../adapters/dynamodb/callback-counter.ts'
import { dynamodbCatalogReader } from '../../../adapters/dynamodb/catalog-reader.ts'
import { documentClient } from '../../../adapters/dynamodb/client.ts'
import { dynamodbEventLog } from '../../../adapters/dynamodb/event-log.ts'
import { dynamodbOpenWarningRecorder, dynamodbOpenWarnings } from '../../../adapters/dynamodb/open-warnings.ts'
import { dynamodbPresenceReader } from '../../../adapters/dynamodb/presence-reader.ts'
import { dynamodbProjectionStore } from '../../../adapters/dynamodb/projection-store.ts'
import { dynamodbRoomReader } from '../../../adapters/dynamodb/room-reader.ts'
import { dynamodbSessionReader } from '../../../adapters/dynamodb/session-reader.ts'
import { dynamodbSweepAlertStore } from '../../../adapters/dynamodb/sweep-alert-store.ts'
import { dynamodbWarningSlots } from '../../../adapters/dynamodb/warning-slots.ts'
import { healthReader } from '../../../adapters/health-reader.ts'
import { snsAlertTopic } from '../../../adapters/sns/alert-topic.ts'
import { snsRoomEventTopic } from '../../../adapters/sns/room-event-topic.ts'
import { sqsCommandQueue } from '../../../adapters/sqs/command-queue.ts'
import { sqsCorrectionQueue } from '../../../adapters/sqs/correction-queue.ts'
import { sqsDeadLetterQueue } from '../../../adapters/sqs/dead-letter-queue.ts'
import { toRoomEvent } from '../../../core/notifications/room-event.ts'
import { allTime } from '../../../core/ports/period.ts'
import { emptyProjection } from '../../../core/projection/projection.ts'
import { event } from '../../support/events.ts'

const participant = { kind: 'participant', room_id: 'R', user_id: 'U' } as const
const join = event('join')
const quarantined = { id: 'q', reason: 'invalid', received_at: 1, event: undefined, body: '{' }
const alert = { payload: { kind: 'port_check' }, subject: 'subject', email: 'email', sms: 'sms' }
const holder = { event: join, hasReplaced: false }
const message = { body: toRoomEvent(join, undefined), room_id: 'R' }
const page = { limit: 1, cursor: null, order: 'oldest' } as const
const roomPage = { limit: 1, cursor: null, presentOnly: false, maxBytes: 1 }
const command = { command: 'rebuild', aggregate: participant } as const
const deadLetter = { id: 'i', body: 'b', sentAt: 1, groupId: undefined, receiptHandle: 'h', isRedriven: false }
const openWarning = { kind: 'port_check', box_code: 'B', since: 1, lastAlertAt: 1, lastWarningAt: 1 } as const
const envelope = { trace_id: 't', received_at: 1, source: 'reconcile', params: {} } as const

/** Never responds: without its signal, a request would not end. */
let server: Server
let requests = 0
let endpoint: string
beforeAll(async () => {
  server = createServer(() => {
    requests += 1
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
beforeEach(() => {
  requests = 0
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

function createAdapters() {
  const config = { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } }
  const client = documentClient(new DynamoDBClient(config))
  const sns = new SNSClient(config)
  const { region, credentials } = config
  const sqs = awsJsonClient({
    service: 'sqs',
    endpoint: new URL(endpoint),
    region,
    protocol: 'application/x-amz-json-1.0',
    credentials: () => credentials,
  })
  const tables = { client, eventLogTable: 'log', stateTable: 'state' }
  return {
    log: dynamodbEventLog({ client, tableName: 'log', retentionDays: 1 }),
    store: dynamodbProjectionStore({ client, tableName: 'state', retentionDays: 1 }),
    counter: dynamodbCallbackCounter(client, 'state', 400),
    callbackClock: dynamodbCallbackClock(client, 'state'),
    callbackCounts: dynamodbCallbackCountReader(client, 'state'),
    sweepAlerts: dynamodbSweepAlertStore(client, 'state'),
    warningSlots: dynamodbWarningSlots(client, 'state'),
    warningRecorder: dynamodbOpenWarningRecorder(client, 'state'),
    openWarnings: dynamodbOpenWarnings(client, 'state'),
    presences: dynamodbPresenceReader(client, { stateTable: 'state', eventLogTable: 'log' }),
    rooms: dynamodbRoomReader(tables),
    sessions: dynamodbSessionReader(tables),
    catalog: dynamodbCatalogReader(client, 'state'),
    health: healthReader({
      dynamodb: client,
      stateTable: 'state',
      sqs,
      eventQueueUrl: `${endpoint}/queue`,
      deadLetterQueueUrl: `${endpoint}/dead-letters`,
      now: Date.now,
    }),
    alerts: snsAlertTopic(sns, 'arn:aws:sns:us-east-1:000000000000:alerts'),
    roomEvents: snsRoomEventTopic(sns, 'arn:aws:sns:us-east-1:000000000000:room-events'),
    corrections: sqsCorrectionQueue(new SQSClient(config), `${endpoint}/queue`),
    commands: sqsCommandQueue(new SQSClient(config), `${endpoint}/queue`),
    aggregates: dynamodbAggregateReader(client, 'log'),
    failures: dynamodbFailureRecorder(client, 'state'),
    applierActivity: dynamodbApplierActivityReader(client, 'state'),
    deadLetters: sqsDeadLetterQueue({
      client: new SQSClient(config),
      deadLetterQueueUrl: `${endpoint}/dead-letters`,
      eventQueueUrl: `${endpoint}/queue`,
    }),
  }
}

type AdapterCall = (given: ReturnType<typeof createAdapters>, signal: AbortSignal) => Promise<unknown>

describe('an abort signal ends the request of', () => {
  it.each<[string, AdapterCall]>([
    ['EventLog.append', ({ log }, signal) => log.append(join, signal)],
    ['EventLog.replace', ({ log }, signal) => log.replace(holder, holder, signal)],
    ['EventLog.read', ({ log }, signal) => log.read(participant, signal)],
    ['EventLog.visit', ({ log }, signal) => log.visit(participant, 0, () => {}, signal)],
    ['EventLog.quarantine', ({ log }, signal) => log.quarantine(quarantined, signal)],
    ['EventLog.recordConflict', ({ log }, signal) => log.recordConflict(event('join'), undefined, signal)],
    ['ProjectionStore.read', ({ store }, signal) => store.read([participant], signal)],
    ['ProjectionStore.write', ({ store }, signal) => store.write(emptyProjection(participant), signal)],
    ['ProjectionStore.markOutdated', ({ store }, signal) => store.markOutdated(participant, 1, signal)],
    [
      'ProjectionStore.readCloseCandidates',
      ({ store }, signal) => store.readCloseCandidates('R', { since: 1, cursor: null }, signal),
    ],
    [
      'ProjectionStore.upsertPastEntry',
      ({ store }, signal) => store.upsertPastEntry(participant, { key: '1', entry: null, at: 1 }, 1, signal),
    ],
    ['ProjectionStore.readPastSessionsOfRoom', ({ store }, signal) => store.readPastSessionsOfRoom('R', 0, signal)],
    ['ProjectionStore.readRecordings', ({ store }, signal) => store.readRecordings('R', signal)],
    ['ProjectionStore.readPastEntries', ({ store }, signal) => store.readPastEntries(participant, 0, signal)],
    [
      'ProjectionStore.upsertCheckpoint',
      ({ store }, signal) => store.upsertCheckpoint(participant, { at: 1, checkpoint: null }, 1, signal),
    ],
    ['ProjectionStore.readCheckpoints', ({ store }, signal) => store.readCheckpoints(participant, signal)],
    ['OpenWarningRecorder.record', ({ warningRecorder }, signal) => warningRecorder.record(openWarning, 1, signal)],
    ['OpenWarnings.list', ({ openWarnings }, signal) => openWarnings.list(signal)],
    ['OpenWarnings.remove', ({ openWarnings }, signal) => openWarnings.remove(openWarning, signal)],
    ['FailureRecorder.record', ({ failures }, signal) => failures.record(1, signal)],
    ['ApplierActivityReader.read', ({ applierActivity }, signal) => applierActivity.read(1, signal)],
    ['DeadLetterQueue.countVisible', ({ deadLetters }, signal) => deadLetters.countVisible(signal)],
    ['DeadLetterQueue.countQueuedMessages', ({ deadLetters }, signal) => deadLetters.countQueuedMessages(signal)],
    ['DeadLetterQueue.receive', ({ deadLetters }, signal) => deadLetters.receive(signal)],
    ['DeadLetterQueue.putBack', ({ deadLetters }, signal) => deadLetters.putBack([deadLetter], 1, signal)],
    [
      'CallbackCounter.add',
      ({ counter }, signal) => counter.add({ count: 1, kinds: {}, lastReceivedAt: 1 }, 1, signal),
    ],
    ['CallbackClock.readLastCallback', ({ callbackClock }, signal) => callbackClock.readLastCallback(signal)],
    ['CallbackCountReader.countByKind', ({ callbackCounts }, signal) => callbackCounts.countByKind(allTime, signal)],
    ['WarningSlots.take', ({ warningSlots }, signal) => warningSlots.take(1, 1, signal)],
    ['SweepAlertStore.read', ({ sweepAlerts }, signal) => sweepAlerts.read(signal)],
    ['SweepAlertStore.write', ({ sweepAlerts }, signal) => sweepAlerts.write({ open: {}, silence: undefined }, signal)],
    ['PresenceReader.list', ({ presences }, signal) => presences.list(signal)],
    ['PresenceReader.read', ({ presences }, signal) => presences.read([{ room_id: 'R' }], signal)],
    ['PresenceReader.readLastEvents', ({ presences }, signal) => presences.readLastEvents(['R'], signal)],
    ['RoomReader.listRooms', ({ rooms }, signal) => rooms.listRooms('all', page, signal)],
    ['RoomReader.findRoom', ({ rooms }, signal) => rooms.findRoom('R', signal)],
    ['RoomReader.countOpen', ({ rooms }, signal) => rooms.countOpen(signal)],
    ['RoomReader.readRoom', ({ rooms }, signal) => rooms.readRoom('R', roomPage, signal)],
    ['RoomReader.readTimeline', ({ rooms }, signal) => rooms.readTimeline('R', page, signal)],
    ['RoomReader.readWarnings', ({ rooms }, signal) => rooms.readWarnings('B', page, signal)],
    ['SessionReader.listByRoom', ({ sessions }, signal) => sessions.listByRoom('R', page, signal)],
    ['SessionReader.listByUser', ({ sessions }, signal) => sessions.listByUser('U', page, signal)],
    [
      'CatalogReader.listRecordings',
      ({ catalog }, signal) => catalog.listRecordings({ ...page, period: allTime }, signal),
    ],
    ['CatalogReader.listRecordingsOfRoom', ({ catalog }, signal) => catalog.listRecordingsOfRoom('R', signal)],
    ['CatalogReader.listBoxes', ({ catalog }, signal) => catalog.listBoxes(page, signal)],
    ['CatalogReader.readClosingTimes', ({ catalog }, signal) => catalog.readClosingTimes(['R'], signal)],
    ['HealthReader.read', ({ health }, signal) => health.read(signal)],
    ['AlertTopic.publish', ({ alerts }, signal) => alerts.publish(alert, signal)],
    ['AggregateReader.list', ({ aggregates }, signal) => aggregates.list(null, signal)],
    ['AggregateReader.listOfRoom', ({ aggregates }, signal) => aggregates.listOfRoom('R', null, signal)],
    ['AggregateReader.hasEvents', ({ aggregates }, signal) => aggregates.hasEvents(participant, signal)],
    ['CommandQueue.sendAll', ({ commands }, signal) => commands.sendAll([command], signal)],
    ['CorrectionQueue.countVisible', ({ corrections }, signal) => corrections.countVisible(signal)],
    ['CorrectionQueue.sendAll', ({ corrections }, signal) => corrections.sendAll([envelope], signal)],
  ])('%s', async (_, call) => {
    const controller = new AbortController()
    const pending = call(createAdapters(), controller.signal)
    const outcome = expect(pending).rejects.toMatchObject({ name: 'AbortError' })
    await expect.poll(() => requests, { interval: 5 }).toBeGreaterThan(0)
    controller.abort()
    await outcome
  })

  it('RoomEventTopic.publish, which returns the error', async () => {
    const failed = await createAdapters().roomEvents.publish([message], AbortSignal.abort())
    expect(failed.get(message)).toMatchObject({ name: 'AbortError' })
    expect(requests).toBe(0)
  })
})
