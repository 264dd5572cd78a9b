import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb'
import type { BatchGetCommandInput } from '@aws-sdk/lib-dynamodb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { readItems } from '../../../../adapters/dynamodb/batch-get.ts'
import { documentClient } from '../../../../adapters/dynamodb/client.ts'

const keys = ['a', 'b', 'c'].map((item) => ({ group: 'g', item }))

/** Creates a client without network that processes the given number of keys of each request, and records the times. */
function createThrottledClient(processedKeys: readonly number[]) {
  const config: DynamoDBClientConfig = { region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 's' } }
  const client = documentClient(new DynamoDBClient(config))
  const sentAtMs: number[] = []
  vi.spyOn(client, 'send').mockImplementation(async ({ input }) => {
    const { Keys = [] } = (input as BatchGetCommandInput).RequestItems?.State ?? {}
    const processed = processedKeys[sentAtMs.push(Date.now()) - 1] ?? 0
    return {
      Responses: { State: Keys.slice(0, processed) },
      UnprocessedKeys: processed < Keys.length ? { State: { Keys: Keys.slice(processed) } } : {},
    }
  })
  const waitsMs = () => sentAtMs.slice(1).map((at, index) => at - (sentAtMs[index] ?? 0))
  return { client, waitsMs }
}

describe('readItems with keys that DynamoDB leaves unprocessed', () => {
  beforeEach(() => {
    vi.useFakeTimers()
    vi.spyOn(Math, 'random').mockReturnValue(1)
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.restoreAllMocks()
  })

  it('requests them again after waits that double while no key is processed', async () => {
    const { client, waitsMs } = createThrottledClient([1, 0, 0, 1, 1])
    const reading = readItems(client, 'State', keys, { consistent: true })
    await vi.runAllTimersAsync()
    expect([...(await reading).values()]).toEqual(keys)
    expect(waitsMs()).toEqual([50, 100, 200, 50])
  })

  it('waits for at most 2 s, and gives up after about 15 s', async () => {
    const { client, waitsMs } = createThrottledClient([])
    const reading = expect(readItems(client, 'State', keys, { consistent: true })).rejects.toThrow('unprocessed')
    await vi.runAllTimersAsync()
    await reading
    expect(Math.max(...waitsMs())).toBe(2000)
    expect(waitsMs().reduce((sum, ms) => sum + ms, 0)).toBe(15_150)
  })

  it('ends a wait when the signal aborts, with the reason of the signal', async () => {
    const { client } = createThrottledClient([])
    const controller = new AbortController()
    const { signal } = controller
    const reading = expect(readItems(client, 'State', keys, { consistent: true, signal })).rejects.toThrow('no time')
    await vi.advanceTimersByTimeAsync(10)
    controller.abort(new Error('no time'))
    await reading
  })
})
