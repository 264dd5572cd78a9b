import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readCommandLine } from '../../local/command-line.ts'
import { StartupError } from '../../packages/template-runner/src/startup-error.ts'

function start(...options: string[]): ChildProcess & { output: { stdout: string; stderr: string } } {
  const child = spawn(process.execPath, ['local/start.ts', ...options], { stdio: ['ignore', 'pipe', 'pipe'] })
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => {
    output.stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    output.stderr += chunk
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  return Object.assign(child, { output })
}

async function ended(child: ChildProcess): Promise<unknown> {
  const [code] = await once(child, 'close')
  return code
}

describe('npm start', () => {
  it.each([
    [['--colour', 'red'], '--colour'],
    [['--port', 'http'], '--port'],
    [['--port', '70000'], '--port'],
    [['--dynamodb', 'nowhere'], '--dynamodb'],
    [['--context', 'name'], '--context'],
    [['--api-token', ''], '--api-token'],
    [['extra'], 'extra'],
  ])('takes no options like %j', (options, named) => {
    expect(() => readCommandLine(options)).toThrow(StartupError)
    expect(() => readCommandLine(options)).toThrow(named)
  })

  it('reads its options', () => {
    const options = ['--port', '0', '--check-code-key', 'k', '--context', 'name=X', '--context', 'timeZone=UTC']
    expect(readCommandLine(options).local).toEqual({
      port: 0,
      checkCodeKey: 'k',
      context: { name: 'X', timeZone: 'UTC' },
    })
  })

  it.each([
    [['--colour', 'red'], '--colour'],
    [['--port', '0', '--context', 'colour=red'], 'colour'],
  ])('refuses %j in one clear line', async (options, named) => {
    const child = start(...options)
    expect(await ended(child)).toBe(1)
    expect(child.output.stderr).toMatch(/^northbound: [^\n]+\n$/)
    expect(child.output.stderr).toContain(named)
    expect(child.output.stdout).toBe('')
  })

  it('refuses a port in use in one clear line, before it synthesizes', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : undefined
    const child = start('--port', String(port), '--check-code-key', 'k')
    const started = Date.now()
    expect(await ended(child)).toBe(1)
    expect(child.output.stderr).toMatch(new RegExp(`^northbound: port ${port} is in use[^\n]*\n$`))
    expect(Date.now() - started).toBeLessThan(3000)
  })

  it('refuses a wrong context value with the line of the app', async () => {
    const child = start('--port', '0', '--check-code-key', 'k', '--context', 'retentionDays=never')
    expect(await ended(child)).toBe(1)
    expect(child.output.stderr).toMatch(/^northbound: [^\n]*retentionDays[^\n]*\n$/)
  })

  it('gives up a start at a signal', async () => {
    const child = start('--port', '0')
    await expect.poll(() => child.output.stderr, { timeout: 10_000 }).toMatch(/WARNING/)
    const signalled = Date.now()
    child.kill('SIGINT')
    expect(await ended(child)).toBe(0)
    expect(Date.now() - signalled).toBeLessThan(2000)
    expect(child.output.stdout).toBe('')
  })

  it('prints one line of JSON when it is ready, and ends cleanly at a signal', async () => {
    const child = start('--port', '0', '--json', '--api-token', 'mine')
    await expect.poll(() => child.output.stdout, { timeout: 20_000 }).toMatch(/^\{[^\n]*\}\n$/)
    const ready = JSON.parse(child.output.stdout)
    expect(ready).toEqual({
      ready: true,
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      callbackUrl: `${ready.url}/room_event_history`,
      consoleUrl: `${ready.url}/console`,
      apiToken: 'mine',
      awsEndpointUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      region: 'us-east-1',
      outputs: expect.objectContaining({ ApiUrl: ready.url }),
    })
    expect(child.output.stderr).toMatch(/WARNING.*unsigned/)
    const signalled = Date.now()
    child.kill('SIGTERM')
    expect(await ended(child)).toBe(0)
    expect(Date.now() - signalled).toBeLessThan(5000)
  })
})
