import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ScanCommand } from '@aws-sdk/client-dynamodb'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startDynalite } from '../support/dynamodb.ts'
import {
  type ObservedProcess,
  observe,
  type ReadyLine,
  startCommand,
  waitForExit,
  waitUntilReady,
} from '../support/start-command.ts'

const events = 200

/**
 * Executes `npm start` as the foreground job of a terminal. Its standard input is the keyboard. `exec` leaves no shell in
 * between: dash reports its own Ctrl+C instead of the exit code of what it started.
 */
function startInTerminal(options: readonly string[]): ObservedProcess {
  const command = `exec npm start --silent -- ${options.join(' ')}`
  const args = process.platform === 'darwin' ? ['-q', '/dev/null', 'sh', '-c', command] : ['-qec', command, '/dev/null']
  return observe('script', args, { stdio: ['pipe', 'pipe', 'pipe'], detached: true })
}

/** Opens a room, as usual long before, and then sends all joins at once. @returns how many were acknowledged. */
async function sendJoins(engine: Engine, ready: ReadyLine): Promise<number> {
  const { callbackUrl } = ready
  await fetch(`${callbackUrl}?event=open&trace_id=open&room_id=R`)
  await expect.poll(() => engine.countEvents(ready), { timeout: 10_000 }).toBe(1)
  const users = Array.from({ length: events }, (_, index) => index)
  const responses = await Promise.all(
    users.map((user) =>
      fetch(`${callbackUrl}?event=join&trace_id=${user}&room_id=R&user_id=${user}&event_type=normal&endpoint_type=web`),
    ),
  )
  return responses.filter(({ status }) => status === 200).length
}

type Engine = Awaited<ReturnType<typeof startEngine>>

/** Starts a DynamoDB that outlives the run. */
async function startEngine() {
  const { url, client, stop } = await startDynalite()
  onTestFinished(stop)
  return {
    url,
    async countEvents({ outputs }: ReadyLine) {
      const { Count } = await client.send(new ScanCommand({ TableName: outputs.EventLogTableName, Select: 'COUNT' }))
      return Count
    },
  }
}

async function isListening({ awsEndpointUrl }: ReadyLine): Promise<boolean> {
  return fetch(awsEndpointUrl).then(
    () => true,
    () => false,
  )
}

describe('npm start in a terminal', () => {
  it('applies 200 events in flight after two Ctrl+C within a second, each of which arrives twice, and exits with 0', async () => {
    const engine = await startEngine()
    const terminal = startInTerminal(['--port', '0', '--json', '--dynamodb', engine.url])
    const ready = await waitUntilReady(terminal)
    expect(await sendJoins(engine, ready)).toBe(events)
    expect(await engine.countEvents(ready)).toBeLessThan(events)
    const startMs = performance.now()
    terminal.stdin?.write('\x03')
    await sleep(200)
    terminal.stdin?.write('\x03')
    expect(await waitForExit(terminal), terminal.output.stdout).toBe(0)
    expect(performance.now() - startMs).toBeLessThan(5000)
    expect(await engine.countEvents(ready)).toBe(events + 1)
  })

  it('exits with 0 if the second Ctrl+C comes when nothing was left to apply', async () => {
    const terminal = startInTerminal(['--port', '0', '--json'])
    await waitUntilReady(terminal)
    terminal.stdin?.write('\x03')
    await sleep(800)
    terminal.stdin?.write('\x03')
    expect(await waitForExit(terminal), terminal.output.stdout).toBe(0)
  })

  it('applies 200 events in flight after the terminal was closed', async () => {
    const engine = await startEngine()
    const terminal = startInTerminal(['--port', '0', '--json', '--dynamodb', engine.url])
    const ready = await waitUntilReady(terminal)
    expect(await sendJoins(engine, ready)).toBe(events)
    terminal.kill('SIGKILL')
    await expect.poll(() => isListening(ready), { timeout: 5000 }).toBe(false)
    expect(await engine.countEvents(ready)).toBe(events + 1)
  })
})

describe('npm start', () => {
  it('exits with 0 if it is stopped during the synthesis, and leaves neither its files nor those of a killed run', async () => {
    const temporary = await mkdtemp(join(tmpdir(), 'northbound-stop-'))
    onTestFinished(() => rm(temporary, { recursive: true }))
    const killed = spawnSync(process.execPath, ['--version']).pid
    await mkdir(join(temporary, `northbound-assembly-${killed}-start-random`))
    const child = startCommand(['--port', '0'], { env: { ...process.env, TMPDIR: temporary } })
    const list = async () => (await readdir(temporary)).filter((name) => name.startsWith('northbound-'))
    await expect.poll(list, { timeout: 10_000 }).toEqual([expect.stringContaining(`-${child.pid}-`)])
    // By then the app has started a bundler, which writes to the folder.
    await sleep(1500)
    child.kill('SIGINT')
    expect(await waitForExit(child)).toBe(0)
    expect(await list()).toEqual([])
    expect(child.output).toEqual({ stdout: '', stderr: '' })
  })
})
