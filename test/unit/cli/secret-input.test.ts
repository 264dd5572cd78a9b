import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { signCallback } from '@northbound/avd-simulator'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { execute } from '../../../cli/run.ts'
import { createTerminal, runCommand } from '../../support/cli.ts'

const parameters = ['--param', 'event=open', '--param', 'room_id=R|1', '--param', 'user_name=', '--param', 'a=b=c']
const code = signCallback({ event: 'open', room_id: 'R|1', user_name: '', a: 'b=c' }, 'k1').check_code

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'northbound-key-'))
  writeFileSync(join(folder, 'key'), '\uFEFF k1\r\n')
  writeFileSync(join(folder, 'empty'), '\n')
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('the key', () => {
  it.each([
    ['an option', () => ['--key', 'k1'], {}],
    ['standard input', () => ['--key', '-'], { input: 'k1\n' }],
    ['a file with a byte-order mark and blanks', () => ['--key-file', join(folder, 'key')], {}],
    ['the environment', () => [], { env: { NORTHBOUND_KEY: 'k1' } }],
  ])('comes from %s', async (_source, options, given) => {
    const { exitCode, stdout } = await runCommand(['sign', '--json', ...parameters, ...options()], given)
    expect(exitCode).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ check_code: code })
  })

  it.each([
    ['sign', ...parameters, '--key', '-'],
    ['verify', '--key', 'k', '-'],
  ])('%s stops reading standard input on Ctrl+C', async (...argv) => {
    const stop = new AbortController()
    const { terminal, stderr } = createTerminal({ signal: stop.signal })
    const stdin = new PassThrough()
    const exit = execute(argv, { ...terminal, stdin })
    // It is reading.
    await vi.waitUntil(() => stdin.listenerCount('readable') > 0, { timeout: 20_000 })
    stop.abort()
    expect(await exit).toBe(130)
    expect(stderr()).toBe('')
  })

  it.each([
    ['missing', () => [], 'the check-code key is missing'],
    ['empty', () => ['--key-file', join(folder, 'empty')], 'the check-code key is empty'],
    ['given twice', () => ['--key', 'k', '--key-file', join(folder, 'key')], 'either --key or --key-file'],
    ['in a file that does not exist', () => ['--key-file', join(folder, 'none')], 'ENOENT'],
  ])('that is %s is an error of one line', async (_problem, options, reason) => {
    const { exitCode, stderr } = await runCommand(['sign', ...parameters, ...options()])
    expect(exitCode).toBe(2)
    expect(stderr).toContain(reason)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  })
})
