import { execFile } from 'node:child_process'
import { copyFile, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { registerHooks } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type System, startSystem } from '../support/system.ts'

const run = promisify(execFile)
const projectRoot = fileURLToPath(new URL('../..', import.meta.url))

let system: System
let directory: string

beforeAll(async () => {
  system = await startSystem()
  directory = await mkdtemp(join(tmpdir(), 'northbound-client-'))
  await system.callback({ event: 'join', room_id: 'A', user_id: 'ann', user_name: 'Ann', trace_id: 't1' })
  await system.settle()
  await system.run.invoke('SampleUsage', {})
})
afterAll(async () => {
  await rm(directory, { recursive: true })
  await system.run.stop()
})

/** Writes the types that openapi-typescript generates from the document, and a client that uses them. */
async function writeClient(): Promise<void> {
  const { body } = await system.request('/api/openapi.json')
  // openapi-typescript 7 needs the compiler API of TypeScript 5, which TypeScript 7 no longer has.
  // Its alias sorts after `typescript`, so npm links `tsc` of version 7.
  const hooks = registerHooks({
    resolve: (specifier, context, nextResolve) =>
      nextResolve(specifier === 'typescript' ? 'typescript-5' : specifier, context),
  })
  const { default: generate, astToString } = await import('openapi-typescript')
  hooks.deregister()
  await writeFile(join(directory, 'schema.ts'), astToString(await generate(JSON.stringify(body))))
  await copyFile(join(projectRoot, 'test/system/query-api-client/client.ts'), join(directory, 'client.ts'))
  await writeFile(join(directory, 'package.json'), '{"type":"module"}')
  await symlink(join(projectRoot, 'node_modules'), join(directory, 'node_modules'))
  const extended = JSON.stringify(join(projectRoot, 'tsconfig.json'))
  const tsconfig = `{"extends":${extended},"compilerOptions":{"typeRoots":["node_modules/@types"]},"include":["*.ts"],"exclude":[]}`
  await writeFile(join(directory, 'tsconfig.json'), tsconfig)
}

describe('a client whose types are generated from the OpenAPI document', () => {
  it('compiles in strict mode, and gets the responses that its types promise', async () => {
    await writeClient()
    const tsc = join(projectRoot, 'node_modules/.bin/tsc')
    const compiled = await run(tsc, ['-p', directory]).catch((error: { stdout: string }) => error)
    expect(compiled.stdout).toBe('')
    const { url, apiToken } = system.run
    const { stdout } = await run(process.execPath, [join(directory, 'client.ts'), url, apiToken])
    const whole = await system.query('/api/rooms?status=all&limit=10')
    expect(JSON.parse(stdout)).toEqual({
      rooms: [{ room_id: 'A', isOpen: true, people: 1, closedAt: null }],
      cursor: null,
      notModified: 304,
      head: [200, whole.headers.get('content-length'), true],
      people: [['ann', 0]],
      usage: [1],
      directory: [['Ann', ['A']]],
      csv: expect.stringMatching(/^\u{FEFF}?room_id,user_id,.*\r\nA,ann,Ann,/u),
      events: [['join', 'ann']],
      sessions: [['A', null]],
      recordings: [],
      closed: [],
      quiet: [],
      callbacks: [{ event: 'join', sent_by: 'media_server', callbacks: 1 }],
      attendance: [['Ann', 1, []]],
      workbook: 'PK',
      meetings: [[null, 1, 1, true]],
      missing: { ret: 404, msg: expect.any(String) },
      unknown: [400, { ret: 400, msg: expect.stringContaining('"page" is unknown') }],
    })
  })
})

/** Headers that differ for each response or connection. */
const ownHeaders = ['date', 'apigw-requestid', 'connection', 'keep-alive']

describe('the HTTP API', () => {
  it('sends the headers of GET without a body for HEAD', async () => {
    const init = { headers: { authorization: `Bearer ${system.run.apiToken}` } }
    for (const path of ['/api/rooms', '/api/stats', '/api/rooms/none', '/console', '/api/openapi.json']) {
      const get = await fetch(`${system.run.url}${path}`, init)
      const head = await fetch(`${system.run.url}${path}`, { ...init, method: 'HEAD' })
      const headersOf = ({ headers }: Response) => [...headers].filter(([name]) => !ownHeaders.includes(name))
      expect([head.status, headersOf(head)], path).toEqual([get.status, headersOf(get)])
      expect(Number(head.headers.get('content-length')), path).toBe(Buffer.byteLength(await get.text()))
      expect(await head.text()).toBe('')
    }
  })
})
