import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parseSettingsFile, readSettingsFile } from '../../../lib/settings-file.ts'

const parse = (text: string) => parseSettingsFile(new TextEncoder().encode(text))

describe('parseSettingsFile', () => {
  it('returns texts, numbers, booleans and lists as they are in the file', () => {
    const settings = { name: 'Site', retentionDays: 90, legacyHttp: true, alertEmails: ['ops@example.com'] }
    expect(parse(JSON.stringify(settings))).toEqual(settings)
  })

  it('ignores a byte-order mark', () => {
    expect(parse('\uFEFF{"sweepMinutes": 5}')).toEqual({ sweepMinutes: 5 })
  })

  it('leaves out keys whose value is null, so that their defaults apply', () => {
    expect(parse('{"vpcId": null, "sweepMinutes": 5}')).toEqual({ sweepMinutes: 5 })
  })

  it.each([
    [
      'a comma before the closing brace',
      '{\n  "sweepMinutes": 5,\n}',
      'line 3, column 1: there must be no comma before }',
    ],
    [
      'a comma before the closing bracket',
      '{"alertEmails": ["a",]}',
      'line 1, column 22: there must be no comma before ]',
    ],
    ['a line comment', '{\n  // minutes\n  "sweepMinutes": 5\n}', 'line 2, column 3: JSON has no comments'],
    ['a line comment at the start', '// settings\n{}', 'line 1, column 1: JSON has no comments'],
    ['a block comment', '{"sweepMinutes": /* five */ 5}', 'line 1, column 18: JSON has no comments'],
    ['a missing comma', '{"a": 1\r\n"b": 2}', 'line 2, column 1: '],
    ['a missing brace', '{"a": 1', 'line 1, column 8: '],
    ['a word without quotes', '{\n  "name": Site\n}', 'line 2, column 11: "S" is not expected here'],
    ['a truncated word', '{"legacyHttp": tru}', 'line 1, column 19: "}" is not expected here'],
    ['a line break in a text', '{"name": "Si\nte"}', 'line 1, column 13: Bad control character in string literal'],
    ['no content', '', 'line 1, column 1: the end of the file is missing'],
  ])('states the position of a syntax error: %s', (_, text, expected) => {
    const error = captureError(() => parse(text))
    expect(error).toContain(`northbound.json, ${expected}`)
    expect(error).not.toContain('\n')
  })

  it.each(['[]', '"text"', '5', 'null', 'true'])('rejects %s, which is not an object', (text) => {
    expect(() => parse(text)).toThrow('northbound.json must contain a JSON object')
  })

  it('rejects a key that occurs twice', () => {
    expect(() => parse('{"sweepMinutes": 5, "name": "sweepMinutes", "sweepMinutes" : 6}')).toThrow(
      'northbound.json contains "sweepMinutes" twice',
    )
    expect(parse(String.raw`{"name": "a\"name\": b"}`)).toEqual({ name: 'a"name": b' })
    const nested = { a: { token: 'x', list: [{ token: 'y' }] }, token: 'z' }
    expect(parse(JSON.stringify(nested))).toEqual(nested)
  })

  it('rejects text in UTF-16, as some shells of Windows write it', () => {
    const bytes = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('{"name": "Site"}', 'utf16le')])
    expect(() => parseSettingsFile(bytes)).toThrow('northbound.json is not UTF-8 text')
  })
})

describe('readSettingsFile', () => {
  it('reads another file if a path is given', () => {
    const directory = mkdtempSync(join(tmpdir(), 'northbound-settings-'))
    onTestFinished(() => rmSync(directory, { recursive: true }))
    const path = join(directory, 'site.json')
    writeFileSync(path, '{"name": "Site"}')
    expect(readSettingsFile(path)).toEqual({ name: 'Site' })
  })

  it('reads no file if the path is empty', () => {
    expect(readSettingsFile('')).toEqual({})
  })

  it('fails in one line if the file at a given path is missing or a folder', () => {
    expect(captureError(() => readSettingsFile('/nowhere/site.json'))).toBe('/nowhere/site.json does not exist')
    expect(captureError(() => readSettingsFile(tmpdir()))).toBe(`${tmpdir()} is a folder; it must be a file`)
  })
})

function captureError(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  throw new Error('no error was thrown')
}
