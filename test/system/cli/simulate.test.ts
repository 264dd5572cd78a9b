import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCommand } from '../../support/cli.ts'
import { checkCodeKey, type System, startSystem } from '../../support/system.ts'

let system: System
let options: readonly string[]
beforeAll(async () => {
  system = await startSystem({ checkCodeKey })
  options = ['--url', system.run.callbackUrl, '--key', checkCodeKey]
})
afterAll(() => system.run.stop())

async function countOpenRooms(): Promise<number> {
  await system.settle()
  const { body } = await system.query('/api/rooms?status=open')
  return (body as { items: unknown[] }).items.length
}

describe('northbound simulate', () => {
  it('sends traffic with faults, is refused only for bad signatures, and closes its rooms', async () => {
    const traffic = ['--rate', '40', '--duration', '2', '--rooms', '4', '--users', '6', '--seed', '18']
    const faults = ['--faults', 'duplicate,reorder,drop,crash,bad-signature']
    const { exitCode, stdout } = await runCommand(['simulate', ...options, ...traffic, ...faults, '--json'])
    const summary = JSON.parse(stdout)
    expect(summary).toMatchObject({ seed: 18, interrupted: false, unexpected: 0, no_response: 0, rate: { asked: 40 } })
    const counts = summary.faults
    expect(Object.keys(counts).toSorted()).toEqual(['bad-signature', 'crash', 'drop', 'duplicate', 'reorder'])
    expect(summary.refused).toEqual({ 401: counts['bad-signature'] })
    expect(summary.acknowledged).toBe(summary.sent - counts['bad-signature'])
    expect(summary.rooms).toMatchObject({ opened: expect.toSatisfy((count) => count >= 3), left_open: 0 })
    expect(exitCode).toBe(0)
    expect(await countOpenRooms()).toBe(0)
    const { body } = await system.query('/api/rooms?status=closed')
    expect((body as { items: unknown[] }).items).toHaveLength(summary.rooms.opened)
  })

  it('closes its rooms and prints what it did when it is interrupted', async () => {
    const stop = new AbortController()
    const traffic = ['--rate', '50', '--duration', '3600', '--json']
    const running = runCommand(['simulate', ...options, ...traffic], { signal: stop.signal })
    const logged = await system.countItems('EventLogTableName')
    await expect
      .poll(() => system.countItems('EventLogTableName'), { interval: 50, timeout: 60_000 })
      .toBeGreaterThan(logged)
    stop.abort()
    const { exitCode, stdout } = await running
    const summary = JSON.parse(stdout)
    expect(summary).toMatchObject({ interrupted: true, unexpected: 0, rooms: { left_open: 0 } })
    expect(summary.sent).toBeGreaterThan(0)
    expect(exitCode).toBe(130)
    expect(await countOpenRooms()).toBe(0)
  })

  it('fails if the key is wrong', async () => {
    const argv = ['simulate', '--url', system.run.callbackUrl, '--key', 'wrong', '--rate', '10', '--duration', '1']
    const { exitCode, stdout } = await runCommand(argv, { language: 'zh' })
    expect(exitCode).toBe(1)
    expect(stdout).toContain('被拒绝（401）')
    expect(stdout).toContain('打开 0 个')
  })
})

describe('northbound sign, send and verify', () => {
  it.each(['GET', 'POST'] as const)('agree with the receiver on a callback by %s', async (method) => {
    const event = ['--param', 'event=open', '--param', `trace_id=sign-${method}`, '--param', 'room_id=A|1 +&']
    const { stdout } = await runCommand(['sign', '--json', ...options, '--method', method, ...event])
    const { url, body } = JSON.parse(stdout)
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const response = await fetch(url, method === 'GET' ? {} : { method, body, headers })
    expect(response.status).toBe(200)
    const curl = method === 'GET' ? `curl '${url}'` : `curl '${url}' --data-raw '${body}'`
    expect(await runCommand(['verify', '--key', checkCodeKey, curl])).toMatchObject({ exitCode: 0, stderr: '' })
  })

  it('send reports the response of the receiver, with warnings about what the document does not know', async () => {
    const sent = await runCommand([
      'send',
      ...options,
      '--event',
      'opened',
      '--param',
      'room_id=B',
      '--param',
      'site=3',
    ])
    expect(sent).toMatchObject({ exitCode: 0, stderr: 'warning: the document has no event "opened"\n' })
    expect(sent.stdout).toContain('HTTP 200')
    const refused = await runCommand(['send', ...options, '--event', 'join', '--param', 'room_id=B'])
    expect(refused.exitCode).toBe(1)
    expect(refused.stdout).toContain('HTTP 400')
    expect(refused.stderr).toContain('warning: join needs the parameter user_id\n')
  })
})
