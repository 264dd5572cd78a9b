import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import readXlsxFile from 'read-excel-file/node'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { documentClient } from '../../adapters/dynamodb/client.ts'
import { type LocalRun, startLocal } from '../../local/run.ts'
import { measureCommand } from '../support/cli-process.ts'
import { storeSessions } from '../support/stored-sessions.ts'

const maxMb = 256
const sessions = 100_000

let folder: string
let run: LocalRun
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'northbound-export-'))
  run = await startLocal({ port: 0, logs: 'none', log: () => undefined, context: { allowUnsigned: 'true' } })
  const { awsEndpointUrl: endpoint, region, outputs } = run
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  const client = documentClient(new DynamoDBClient({ endpoint, region, credentials }))
  await storeSessions(client, String(outputs.StateTableName), { rooms: 200, sessionsPerRoom: sessions / 200 })
}, 600_000)
afterAll(async () => {
  await run.stop()
  await rm(folder, { recursive: true })
})

it.each([
  ['csv', async (file: string) => (await readFile(file, 'utf8')).trimEnd().split('\r\n').length - 1],
  ['ndjson', async (file: string) => (await readFile(file, 'utf8')).trimEnd().split('\n').length],
  ['xlsx', async (file: string) => ((await readXlsxFile(file))[0]?.data.length ?? 0) - 1],
])('northbound export writes 100,000 sessions of a running system as %s within 256 MB', async (format, countRows) => {
  const file = join(folder, `sessions.${format}`)
  const options = ['--aws-endpoint-url', run.awsEndpointUrl, '--region', run.region, '--what', 'sessions', '--json']
  const { stdout, peakMb } = await measureCommand(['export', ...options, '--out', file])
  console.log(`export of 100,000 sessions as ${format}: ${Math.round(peakMb)} MB`)
  expect(JSON.parse(stdout)).toMatchObject({ rows: sessions, format })
  expect(peakMb).toBeLessThan(maxMb)
  expect(await countRows(file)).toBe(sessions)
})
