import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import readXlsxFile from 'read-excel-file/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { documentClient } from '../../../adapters/dynamodb/client.ts'
import { runCommand } from '../../support/cli.ts'
import { measureCommand } from '../../support/cli-process.ts'
import { readDocumentedActions } from '../../support/documented-policy.ts'
import { storeSessions } from '../../support/stored-sessions.ts'
import { type System, startSystem } from '../../support/system.ts'

const stored = { rooms: 20, sessionsPerRoom: 500 }
const storedCount = stored.rooms * stored.sessionsPerRoom

let system: System
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'northbound-export-'))
  system = await startSystem()
  const { awsEndpointUrl: endpoint, region, outputs } = system.run
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  const client = documentClient(new DynamoDBClient({ endpoint, region, credentials }))
  await storeSessions(client, String(outputs.StateTableName), stored)
  let serial = 0
  const send = (event: string, params: Record<string, string>) =>
    system.callback({ event, trace_id: `t${serial++}`, room_id: 'live', event_type: 'normal', ...params })
  await send('open', {})
  await send('join', { user_id: '=1+1', user_name: '王 "小" 明' })
  await system.settle()
  await send('leave', { user_id: '=1+1' })
  await send('start_record', { event_type: 'success', exporter_id: 'E', exporter_type: 'mp4' })
  await send('warning_notify', { box_code: 'B', options: '[]' })
  await send('close', { event_type: 'user', operator: '=1+1' })
  await system.settle()
})
afterAll(async () => {
  await system.run.stop()
  await rm(folder, { recursive: true })
})

const argumentsOf = (...argv: string[]) => {
  const { awsEndpointUrl, region } = system.run
  return ['export', '--aws-endpoint-url', awsEndpointUrl, '--region', region, ...argv]
}
const run = (...argv: string[]) => runCommand(argumentsOf(...argv))
const fileOf = (name: string) => join(folder, name)
const sizeOf = async (name: string) => (await stat(fileOf(name)).catch(() => undefined))?.size ?? 0
const readLines = async (name: string) => (await readFile(fileOf(name), 'utf8')).trimEnd().split('\n')

describe('northbound export on the running system', () => {
  it('exports all sessions as a workbook within 256 MB, which another library reads', async () => {
    const argv = argumentsOf('--what', 'sessions', '--out', fileOf('sessions.xlsx'), '--json')
    const { stdout, peakMb } = await measureCommand(argv)
    expect(JSON.parse(stdout)).toMatchObject({ rows: storedCount + 1, format: 'xlsx', resumed: false })
    expect(peakMb).toBeLessThan(256)
    const [{ data } = { data: [] }] = await readXlsxFile(fileOf('sessions.xlsx'))
    expect(data).toHaveLength(storedCount + 2)
    expect(data[0]?.slice(0, 4)).toEqual(['Room ID', 'User ID', 'Name', 'Joined'])
    expect(data[1]?.slice(0, 3)).toEqual(['live', '=1+1', '王 "小" 明'])
    expect(data[2]?.[1]).toBe('00')
    // The local time of Shanghai, which a workbook stores without a zone.
    expect(data[2]?.[3]).toEqual(new Date('2026-11-02T16:00:00Z'))
    expect(existsSync(fileOf('sessions.xlsx.part'))).toBe(false)
  })

  it('writes the sessions of a room as the query API does', async () => {
    expect((await run('--what', 'sessions', '--room', 'live', '--out', fileOf('room.csv'))).exitCode).toBe(0)
    const { body } = await system.query('/api/sessions?room_id=live&format=csv')
    // `fetch` removes the byte-order mark.
    expect(await readFile(fileOf('room.csv'), 'utf8')).toBe(`\u{FEFF}${body}`)
    const ndjson = await run('--what', 'sessions', '--room', 'live', '--out', '-')
    const items = (await system.query('/api/sessions?room_id=live')).body as { items: unknown[] }
    expect(JSON.parse(ndjson.stdout)).toEqual(items.items[0])
  })

  it.each([
    ['meetings', 1],
    ['attendance', 1],
    ['events', 6],
    ['recordings', 1],
  ])('exports %s in each format', async (what, count) => {
    const room = what === 'events' ? [] : ['--room', 'live']
    for (const format of ['csv', 'ndjson', 'xlsx']) {
      const file = fileOf(`${what}.${format}`)
      const { exitCode, stdout } = await run('--what', what, ...room, '--out', file, '--json')
      expect([exitCode, JSON.parse(stdout).rows]).toEqual([0, count])
    }
    expect(await readLines(`${what}.csv`)).toHaveLength(count + 1)
    expect(await readLines(`${what}.ndjson`)).toHaveLength(count)
    const [{ data } = { data: [] }] = await readXlsxFile(fileOf(`${what}.xlsx`))
    expect(data).toHaveLength(count + 1)
  })

  it('exports all about one person as lines of JSON', async () => {
    const { exitCode, stdout } = await run('--user', '=1+1', '--out', '-')
    expect(exitCode).toBe(0)
    const kinds = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).kind)
    expect(kinds.sort()).toEqual(['event', 'event', 'other_event', 'session'])
  })

  it('continues an export that was stopped, with the same result', async () => {
    const argv = ['--what', 'sessions', '--to', '2026-11-27T00:00Z', '--out']
    await run(...argv, fileOf('whole.csv'))
    const stop = new AbortController()
    const running = runCommand(argumentsOf(...argv, fileOf('stopped.csv')), { signal: stop.signal })
    // The size of some rows.
    await expect.poll(() => sizeOf('stopped.csv.part'), { interval: 5, timeout: 60_000 }).toBeGreaterThan(1_000)
    stop.abort()
    expect((await running).exitCode).toBe(130)
    expect(existsSync(fileOf('stopped.csv'))).toBe(false)
    const continued = await run(...argv, fileOf('stopped.csv'))
    expect(continued.exitCode).toBe(0)
    expect(continued.stderr).toContain('continuing after')
    expect(await readFile(fileOf('stopped.csv'), 'utf8')).toBe(await readFile(fileOf('whole.csv'), 'utf8'))
  })

  it('exports all about one person again from the start after a failure', async () => {
    const argv = ['--user', '=1+1', '--out']
    await run(...argv, fileOf('person.ndjson'))
    // The sessions have been written by then.
    const repair = system.run.inject({ service: 'dynamodb', action: 'Scan', principal: 'local', status: 500 })
    const failed = await run(...argv, fileOf('failed.ndjson'))
    repair()
    expect([failed.exitCode, existsSync(fileOf('failed.ndjson'))]).toEqual([1, false])
    expect((await run(...argv, fileOf('failed.ndjson'))).exitCode).toBe(0)
    expect(await readLines('failed.ndjson')).toEqual(await readLines('person.ndjson'))
  })

  it('overwrites neither a file nor the partial file of another export', async () => {
    await writeFile(fileOf('old.csv'), 'old')
    const refused = await run('--what', 'sessions', '--out', fileOf('old.csv'))
    expect([refused.exitCode, await readFile(fileOf('old.csv'), 'utf8')]).toEqual([2, 'old'])
    expect((await run('--what', 'recordings', '--out', fileOf('old.csv'), '--yes')).exitCode).toBe(0)
    expect(await readLines('old.csv')).toHaveLength(2)
  })

  it('needs exactly the permissions that the documentation gives', async () => {
    const calls = system.run.calls().filter(({ principal }) => principal === 'local')
    expect([...new Set(calls.map(({ action }) => action))].sort()).toEqual(await readDocumentedActions('export'))
  })
})
