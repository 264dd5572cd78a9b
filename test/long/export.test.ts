import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import readXlsxFile from 'read-excel-file/node'
import { expect, it, onTestFinished } from 'vitest'
import { documentClient } from '../../adapters/dynamodb/client.ts'
import { startLocal } from '../../local/run.ts'
import { measureCommand } from '../support/cli-process.ts'
import { storeSessions } from '../support/stored-sessions.ts'

it('northbound export writes 100,000 sessions of a running system to a workbook within 256 MB', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'northbound-export-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const run = await startLocal({ port: 0, logs: 'none', log: () => undefined, context: { allowUnsigned: 'true' } })
  onTestFinished(async () => void (await run.stop()))
  const { awsEndpointUrl, region, outputs } = run
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  const client = documentClient(new DynamoDBClient({ endpoint: awsEndpointUrl, region, credentials }))
  await storeSessions(client, String(outputs.StateTableName), { rooms: 200, sessionsPerRoom: 500 })
  const file = join(folder, 'sessions.xlsx')
  const options = ['--aws-endpoint-url', awsEndpointUrl, '--region', region, '--what', 'sessions', '--json']
  const { stdout, peakMb } = await measureCommand(['export', ...options, '--out', file])
  console.log(`export of 100,000 sessions: ${Math.round(peakMb)} MB`)
  expect(JSON.parse(stdout)).toMatchObject({ rows: 100_000 })
  expect(peakMb).toBeLessThan(256)
  const [{ data } = { data: [] }] = await readXlsxFile(file)
  expect(data).toHaveLength(100_001)
}, 600_000)
