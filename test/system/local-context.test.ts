import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { buildContext, findWarnings } from '../../local/build-context.ts'

function useSettingsFile(text: string): void {
  const directory = mkdtempSync(join(tmpdir(), 'northbound-local-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const path = join(directory, 'northbound.json')
  writeFileSync(path, text)
  vi.stubEnv('NORTHBOUND_SETTINGS_FILE', path)
}

afterEach(() => vi.unstubAllEnvs())

describe('the context of a local run', () => {
  it('contains only what was given, so that the settings file applies to the rest', () => {
    useSettingsFile('{"sweepMinutes": 5, "alertEmails": ["ops@example.com"]}')
    expect(buildContext({ checkCodeKey: 'k', context: { sweepMinutes: '2' } })).toEqual({ sweepMinutes: '2' })
  })

  it('permits unsigned callbacks without a key, and warns of it', () => {
    const context = buildContext({})
    expect(context).toEqual({ allowUnsigned: 'true' })
    expect(findWarnings({}, context)).toEqual([
      expect.stringMatching(/^警告：未指定 --check-code-key/),
      expect.stringMatching(/^WARNING: without --check-code-key/),
    ])
    const strict = buildContext({ context: { allowUnsigned: 'false' } })
    expect(strict).toEqual({ allowUnsigned: 'false' })
    expect(findWarnings({}, strict)).toEqual([])
  })

  it('rejects unknown keys and names the likely one', () => {
    expect(() => buildContext({ context: { allowedCIDRs: '::1' } })).toThrow(
      /^context "allowedCIDRs": is not a known setting; did you mean "allowedCidrs"\?; the keys are name, /,
    )
  })

  it('rejects tables that exist in an account, from the command line or from the settings file', () => {
    const message = /^"existingEventLog" names a table in an account, but a local run has only new ones; /
    expect(() => buildContext({ context: { existingEventLog: 'log' } })).toThrow(message)
    useSettingsFile('{"existingEventLog": "log", "existingState": "state"}')
    expect(() => buildContext({})).toThrow(message)
    expect(buildContext({ checkCodeKey: 'k', dynamodbUrl: 'http://127.0.0.1:8000' })).toEqual({})
  })

  it('rejects a settings file with a syntax error before the stack is synthesized', () => {
    useSettingsFile('{"sweepMinutes": 5,}')
    expect(() => buildContext({})).toThrow(/northbound\.json, line 1, column 20: there must be no comma before }$/)
  })
})
