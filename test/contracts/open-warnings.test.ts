import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { documentClient } from '../../adapters/dynamodb/client.ts'
import { dynamodbOpenWarningRecorder, dynamodbOpenWarnings } from '../../adapters/dynamodb/open-warnings.ts'
import { dynamodbProjectionStore } from '../../adapters/dynamodb/projection-store.ts'
import type { WarningSubject } from '../../core/ports/open-warnings.ts'
import { applyUntilDone, memoryDependencies } from '../support/apply.ts'
import { createTables, startDynalite } from '../support/dynamodb.ts'
import { warningAt } from '../support/events.ts'

const ports: WarningSubject = { kind: 'port_check', box_code: 'B' }

describe('open warnings in DynamoDB', () => {
  let dynamodb: DynamoDBClient
  let stop: () => void
  beforeAll(async () => {
    ;({ client: dynamodb, stop } = await startDynalite())
  })
  afterAll(() => stop())

  async function createWarnings() {
    const client = documentClient(dynamodb)
    const { state } = await createTables(dynamodb)
    return {
      store: dynamodbProjectionStore({ client, tableName: state, retentionDays: 400 }),
      recorder: dynamodbOpenWarningRecorder(client, state),
      warnings: dynamodbOpenWarnings(client, state),
    }
  }

  it('do not exist at first', async () => {
    const { warnings } = await createWarnings()
    expect(await warnings.list()).toEqual([])
  })

  it('keep the time of their first alert, and have the time of the last one', async () => {
    const { warnings, recorder } = await createWarnings()
    await recorder.record(ports, 100)
    await recorder.record(ports, 200)
    expect(await warnings.list()).toEqual([{ ...ports, since: 100, lastAlertAt: 200, lastWarningAt: 200 }])
  })

  it('are apart for each media server, whatever its name, and for each kind of warning', async () => {
    const { warnings, recorder } = await createWarnings()
    const subjects: WarningSubject[] = [
      ports,
      { ...ports, kind: 'warning' },
      { ...ports, box_code: 'B/box' },
      { ...ports, box_code: 'x'.repeat(4096) },
    ]
    for (const subject of subjects) await recorder.record(subject, 1)
    const listed = (await warnings.list()).map(({ kind, box_code }) => ({ kind, box_code }))
    expect(listed).toHaveLength(4)
    expect(listed).toEqual(expect.arrayContaining(subjects))
  })

  it('have the time of the last warning about their media server, also of a suppressed one', async () => {
    const { warnings, recorder, store } = await createWarnings()
    const dependencies = { ...memoryDependencies(), store }
    await applyUntilDone(dependencies, [warningAt(100), warningAt(105)])
    await recorder.record(ports, 100)
    expect(await warnings.list()).toMatchObject([{ lastAlertAt: 100, lastWarningAt: 105 }])
  })

  it('are removed, unless another alert has been recorded since they were listed', async () => {
    const { warnings, recorder } = await createWarnings()
    await recorder.record(ports, 100)
    const [listed] = await warnings.list()
    if (listed === undefined) throw new Error('nothing is listed')
    await recorder.record(ports, 200)
    await warnings.remove(listed)
    expect(await warnings.list()).toMatchObject([{ since: 100, lastAlertAt: 200 }])
    await warnings.remove({ ...listed, lastAlertAt: 200 })
    expect(await warnings.list()).toEqual([])
    // Another sweep has removed it meanwhile.
    await warnings.remove(listed)
  })
})
