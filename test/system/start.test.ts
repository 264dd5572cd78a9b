import { once } from 'node:events'
import { createServer } from 'node:net'
import { StartupError } from '@northbound/template-runner'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readCommandLine } from '../../local/command-line.ts'
import { startCommand, waitForExit, waitUntilReady } from '../support/start-command.ts'

describe('readCommandLine', () => {
  it.each([
    [['--colour', 'red'], '--colour'],
    [['--port', 'http'], '--port'],
    [['--port', '70000'], '--port'],
    [['--dynamodb', 'nowhere'], '--dynamodb'],
    [['--context', 'name'], '--context'],
    [['--api-token', ''], '--api-token'],
    [['extra'], 'extra'],
  ])('rejects %j and names the option', (options, name) => {
    expect(() => readCommandLine(options)).toThrow(StartupError)
    expect(() => readCommandLine(options)).toThrow(name)
  })

  it('reads the port, the check_code key and the CDK context', () => {
    const options = ['--port', '0', '--check-code-key', 'k', '--context', 'name=X', '--context', 'timeZone=UTC']
    expect(readCommandLine(options).local).toEqual({
      port: 0,
      checkCodeKey: 'k',
      context: { name: 'X', timeZone: 'UTC' },
    })
  })
})

describe('npm start with invalid input', () => {
  it.each([
    [['--colour', 'red'], '--colour'],
    [['--port', '0', '--context', 'colour=red'], 'colour'],
  ])('rejects %j with one line on standard error', async (options, name) => {
    const child = startCommand(options)
    expect(await waitForExit(child)).toBe(1)
    expect(child.output.stderr).toMatch(/^northbound: [^\n]+\n$/)
    expect(child.output.stderr).toContain(name)
    expect(child.output.stdout).toBe('')
  })

  it('rejects a port in use with one line, before it synthesizes', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : undefined
    const child = startCommand(['--port', String(port)])
    const startedAt = Date.now()
    expect(await waitForExit(child)).toBe(1)
    expect(child.output.stderr).toMatch(new RegExp(`^northbound: port ${port} is in use[^\n]*\n$`))
    expect(Date.now() - startedAt).toBeLessThan(3000)
  })

  it('reports an invalid context value with the message of the CDK app', async () => {
    const child = startCommand(['--port', '0', '--context', 'retentionDays=never'])
    expect(await waitForExit(child)).toBe(1)
    expect(child.output.stderr).toMatch(/^northbound: [^\n]*retentionDays[^\n]*\n$/)
  })
})

describe('npm start', () => {
  it('prints one line of JSON when it is ready, and exits with 0 on SIGTERM', async () => {
    const child = startCommand(['--port', '0', '--json', '--api-token', 'mine'])
    await waitUntilReady(child)
    expect(child.output.stdout).toMatch(/^\{[^\n]*\}\n$/)
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
    const signalledAt = Date.now()
    child.kill('SIGTERM')
    expect(await waitForExit(child)).toBe(0)
    expect(Date.now() - signalledAt).toBeLessThan(5000)
  })
})
