import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { awsJsonClient } from '../../adapters/aws-json/client.ts'
import { documentClient } from '../../adapters/dynamodb/client.ts'
import { dynamodbRefusedSampleReader } from '../../adapters/dynamodb/refused-sample-reader.ts'
import { refusedSampleWriter } from '../../adapters/dynamodb/refused-sample-writer.ts'
import type { RefusedSample } from '../../core/ports/refused-samples.ts'
import { createTables, startDynalite } from '../support/dynamodb.ts'

const dayMs = 86_400_000
const now = 1_764_000_000_000
const sampleAt = (at: number, outcome = 'check_code_wrong'): RefusedSample => ({
  at,
  outcome,
  msg: '原因 "x"',
  method: 'GET',
  source_address: '2001:db8::1',
  parameters: [{ name: 'room_id', value: '<b>=1' }],
})

describe('the stored samples of refused callbacks', () => {
  let client: DynamoDBClient
  let url: string
  let stop: () => void
  beforeAll(async () => {
    ;({ client, url, stop } = await startDynalite())
  })
  afterAll(() => stop())

  async function createStore(random = () => 0.7) {
    const { state } = await createTables(client)
    const credentials = () => ({ accessKeyId: 'test', secretAccessKey: 'test' })
    const options = { service: 'dynamodb', endpoint: new URL(url), region: 'us-east-1', credentials } as const
    const json = awsJsonClient({ ...options, protocol: 'application/x-amz-json-1.0' })
    const writer = refusedSampleWriter(json, state, random)
    const put = (sample: RefusedSample) => writer.put(sample, AbortSignal.timeout(5000))
    return { put, ...dynamodbRefusedSampleReader(documentClient(client), state) }
  }

  it('are returned as they were written, newest first', async () => {
    const { put, listRefused } = await createStore()
    const samples = [sampleAt(now - 2), sampleAt(now - 1, 'unreadable'), sampleAt(now - 3, 'too_large')]
    for (const sample of samples) await put(sample)
    expect(await listRefused(now)).toEqual([samples[1], samples[0], samples[2]])
  })

  it.each([0, 0.5, 0.999])('are the newest five of each outcome, from the slot at %d', async (start) => {
    const { put, listRefused } = await createStore(() => start)
    for (let at = now - 20; at < now; at++) await put(sampleAt(at, at % 2 === 0 ? 'unreadable' : 'check_code_wrong'))
    const listed = await listRefused(now)
    expect(listed.map(({ at }) => now - at)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  })

  it('are not returned after seven days, although DynamoDB may still have them', async () => {
    const { put, listRefused } = await createStore()
    await put(sampleAt(now - 7 * dayMs))
    await put(sampleAt(now - 7 * dayMs + 1, 'unreadable'))
    expect(await listRefused(now)).toMatchObject([{ outcome: 'unreadable' }])
  })
})
