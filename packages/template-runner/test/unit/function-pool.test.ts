import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { FunctionPool } from '../../src/functions/function-pool.ts'

/** A function that takes `event` milliseconds and returns that number, and fails if it is negative. */
const waitCode = `export const handler = (ms) =>
  new Promise((resolve, reject) => setTimeout(() => (ms < 0 ? reject(new Error('negative')) : resolve(ms)), ms))`
/** A function that takes `event` milliseconds and returns how often its environment was invoked. */
const countCode = `let count = 0
export const handler = (ms) => new Promise((resolve) => setTimeout(() => resolve(++count), ms))`

async function createPool(reservedConcurrency: number | 'none' = 1, code = waitCode) {
  const folder = await mkdtemp(join(tmpdir(), 'function-pool-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'index.mjs')
  await writeFile(file, code)
  const metrics: string[] = []
  const pool = new FunctionPool({
    path: 'Wait',
    name: 'Wait',
    arn: 'arn',
    logGroupName: 'log',
    timeoutSeconds: 5,
    reservedConcurrency: reservedConcurrency === 'none' ? undefined : reservedConcurrency,
    memoryMegabytes: 128,
    setup: { moduleUrl: pathToFileURL(file).href, exportName: 'handler' },
    variables: {},
    onLine: () => undefined,
    onMetric: (name) => void metrics.push(name),
    onFailure: () => undefined,
    asyncRetryDelaysMs: [10, 20],
  })
  onTestFinished(() => pool.stop())
  return { pool, metrics }
}

it('an asynchronous invocation that waited longer than the maximum event age does not run', async () => {
  const { pool, metrics } = await createPool()
  pool.asynchronous.maxEventAgeMs = 100
  const results = await Promise.all([
    pool.invokeAsynchronously(300),
    pool.invokeAsynchronously(1),
    pool.invokeInTurn(2),
  ])
  expect(results).toMatchObject([
    { kind: 'returned', payload: '300' },
    { kind: 'failed', error: { errorType: 'EventAgeExceeded' } },
    { kind: 'returned', payload: '2' },
  ])
  expect(metrics.filter((name) => name === 'Invocations')).toHaveLength(2)
  expect(metrics.filter((name) => name === 'AsyncEventsDropped')).toHaveLength(1)
  expect(metrics.filter((name) => name === 'Errors')).toHaveLength(2)
})

it('an asynchronous invocation waits for six hours by default', async () => {
  const { pool } = await createPool()
  expect(pool.asynchronous.maxEventAgeMs).toBe(21_600_000)
  expect(await Promise.all([pool.invokeAsynchronously(50), pool.invokeAsynchronously(1)])).toMatchObject([
    { kind: 'returned' },
    { kind: 'returned' },
  ])
})

it.each([
  [2, 3],
  [1, 2],
  [0, 1],
])('an asynchronous invocation that fails is dropped after %i retries', async (retries, invocations) => {
  const { pool, metrics } = await createPool()
  pool.asynchronous.maxRetries = retries
  expect(await pool.invokeAsynchronously(-1)).toMatchObject({ kind: 'failed', error: { errorMessage: 'negative' } })
  await expect.poll(() => metrics.includes('AsyncEventsDropped'), { timeout: 10_000 }).toBe(true)
  expect(metrics.filter((name) => name === 'Errors')).toHaveLength(invocations)
  expect(metrics.filter((name) => name === 'AsyncEventsDropped')).toHaveLength(1)
})

it('an asynchronous invocation that fails is dropped at once if a retry would exceed the maximum event age', async () => {
  const { pool, metrics } = await createPool()
  pool.asynchronous.maxEventAgeMs = 5
  // Starts the environment, so that the next invocation is run in time.
  await pool.invoke(1)
  await pool.invokeAsynchronously(-1)
  expect(metrics.filter((name) => name === 'AsyncEventsDropped')).toHaveLength(1)
})

it('a function that stops retries nothing', async () => {
  const { pool, metrics } = await createPool()
  await pool.invokeAsynchronously(-1)
  await pool.stop()
  const { length } = metrics
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(metrics).toHaveLength(length)
})

it('a synchronous invocation beyond the reserved concurrency is throttled, even if fewer environments run at once', async () => {
  for (const reserved of [1, 2, 6]) {
    const { pool, metrics } = await createPool(reserved)
    const results = await Promise.all(Array.from({ length: reserved + 2 }, () => pool.invoke(50)))
    expect(results.map(({ kind }) => kind)).toEqual([
      ...Array.from({ length: reserved }, () => 'returned'),
      'throttled',
      'throttled',
    ])
    expect(metrics.filter((name) => name === 'Throttles')).toHaveLength(2)
    expect(await pool.invoke(1)).toMatchObject({ kind: 'returned' })
  }
})

it('invocations of a function without a reservation wait instead of being throttled', async () => {
  const { pool } = await createPool('none')
  const results = await Promise.all(Array.from({ length: 10 }, () => pool.invoke(1)))
  expect(results.map(({ kind }) => kind)).toEqual(results.map(() => 'returned'))
})

it('no invocation of a function with a reservation of 0 runs', async () => {
  const { pool } = await createPool(0)
  const all = [pool.invoke(1), pool.invokeInTurn(1), pool.invokeAsynchronously(1)]
  expect((await Promise.all(all)).map(({ kind }) => kind)).toEqual(['throttled', 'throttled', 'throttled'])
})

it('recycling ends idle environments at once and running ones after their invocation', async () => {
  const { pool } = await createPool('none', countCode)
  const payloads = async (...events: number[]) =>
    (await Promise.all(events.map((ms) => pool.invoke(ms)))).map((result) => 'payload' in result && result.payload)
  expect(await payloads(20, 20)).toEqual(['1', '1'])
  expect(await payloads(1)).toEqual(['2'])
  const running = pool.invoke(100)
  await pool.recycle()
  expect(await running).toMatchObject({ kind: 'returned' })
  expect(await payloads(1, 1, 1)).toEqual(['1', '1', '1'])
})
