import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { awsJsonClient } from '../../adapters/aws-json/client.ts'
import { documentClient } from '../../adapters/dynamodb/client.ts'
import { dynamodbRefusedSampleReader } from '../../adapters/dynamodb/refused-sample-reader.ts'
import { refusedSampleWriter } from '../../adapters/dynamodb/refused-sample-writer.ts'
import { InvalidCursorError, type Page } from '../../core/ports/page.ts'
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
    const reader = dynamodbRefusedSampleReader(documentClient(client), state)
    const listRefused = async (at: number) => (await reader.listRefused(at, { limit: 100, cursor: null })).items
    return { put, listRefused, reader }
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

  it('are returned in pages, of which the last one has no cursor', async () => {
    const { put, listRefused, reader } = await createStore()
    for (const outcome of ['a', 'b', 'c']) for (const at of [now - 2, now - 1]) await put(sampleAt(at, outcome))
    const all = await listRefused(now)
    for (const limit of [1, 2, 4, 6]) {
      const paged: RefusedSample[] = []
      let cursor: string | null = null
      let pages = 0
      do {
        const page: Page<RefusedSample> = await reader.listRefused(now, { limit, cursor })
        paged.push(...page.items)
        cursor = page.cursor
        pages++
      } while (cursor !== null)
      expect(paged).toEqual(all)
      expect(pages).toBe(Math.ceil(6 / limit))
    }
  })

  it.each(['x', 'W10', 'WzEsMl0', 'WzEsImEiLDJd'])(
    'are not returned for the cursor %s of another list',
    async (cursor) => {
      const { reader } = await createStore()
      await expect(reader.listRefused(now, { limit: 1, cursor })).rejects.toThrow(InvalidCursorError)
    },
  )

  it('are not returned after seven days, although DynamoDB may still have them', async () => {
    const { put, listRefused } = await createStore()
    await put(sampleAt(now - 7 * dayMs))
    await put(sampleAt(now - 7 * dayMs + 1, 'unreadable'))
    expect(await listRefused(now)).toMatchObject([{ outcome: 'unreadable' }])
  })
})
