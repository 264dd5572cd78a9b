import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RefusedSample } from '../../../../core/ports/refused-samples.ts'
import type { Parameter } from '../../../../core/protocol/callback-request.ts'
import { quoteText } from '../../../../core/protocol/quote-text.ts'
import { redactSample } from '../../../../core/protocol/refused-sample.ts'

const sampleOf = (parameters: readonly Parameter[], msg = 'check_code is missing'): RefusedSample => ({
  at: 1,
  outcome: 'check_code_missing',
  msg,
  method: 'GET',
  source_address: '192.0.2.7',
  parameters,
})
const redactOne = (name: string, value: string, keys: readonly string[] | undefined = []) =>
  redactSample(sampleOf([{ name, value }]), keys).parameters[0]

/** A text that may be a key: its letters do not occur in what a sample has besides it. */
const anyKey = fc.stringMatching(/^[QXZ79][QXZ79&=+%/ -]{4,40}[QXZ79]$/)
const encoders: readonly ((key: string) => string)[] = [
  (key) => key,
  (key) => key.toLowerCase(),
  (key) => encodeURIComponent(key),
  (key) => `100% ${encodeURIComponent(key)}`,
  (key) => key.replaceAll('+', ' '),
  (key) => Buffer.from(key).toString('hex').toUpperCase(),
  (key) => Buffer.from(key).toString('base64'),
  (key) => Buffer.from(key).toString('base64url'),
]

describe('redactSample', () => {
  it('keeps the names and values of ordinary parameters', () => {
    const parameters = [
      { name: 'event', value: 'join' },
      { name: 'trace_id', value: '0d6f9e0a-3c5b-4c9c-8a4e-5f3f8a5b1c22' },
      { name: 'room_id', value: '18972290508' },
      { name: 'user_name', value: '王伟' },
      { name: 'box_code', value: 'BJ-01' },
      { name: 'site', value: '3' },
      { name: 'stop_time', value: '' },
    ]
    expect(redactSample(sampleOf(parameters), ['nb-demo-key'])).toEqual(sampleOf(parameters))
  })

  it.each([
    'check_code',
    'Check_Code',
    'checkCode',
    'token',
    'api_token',
    'sign',
    'signature',
    'appKey',
    'password',
    'pwd',
  ])('redacts the value of a parameter named %s', (name) =>
    expect(redactOne(name, 'abc')).toEqual({ name, value: '[redacted]' }),
  )

  it.each([
    ['user_name', 'a'.repeat(40)],
    ['user_name', `room ${'0aB9_-+/'.repeat(5)}= is open`],
    ['user_name', 'Bearer abc'],
    ['options', '{"token":"abc"}'],
    ['options', 'rtmp://user:pass@host/live'],
    ['options', `-----BEGIN PRIVATE KEY-----\n${'ab\n'.repeat(20)}`],
    ['note', 'd41d8cd98f00b204e9800998ecf8427e'],
    ['note', 'AKIAIOSFODNN7EXAMPLE'],
    ['note', 'eyJhbGciOi.eyJzdWIi.abc'],
  ])('redacts what looks like a secret in %s=%s', (name, value) => {
    expect(redactOne(name, value)?.value).toContain('[redacted]')
  })

  it('keeps nothing of a key, in whatever encoding and wherever it is', () => {
    fc.assert(
      fc.property(
        anyKey,
        fc.constantFrom(...encoders),
        fc.constantFrom('name', 'value', 'nested', 'msg'),
        fc.nat(70),
        (key, encode, place, before) => {
          const text = `${'.'.repeat(before)}${encode(key)}`
          const parameters =
            place === 'msg' ? [] : [place === 'name' ? { name: text, value: '' } : { name: 'room_id', value: text }]
          const msg = place === 'msg' ? `parameter "${text}" is repeated with different values` : 'm'
          const { parameters: kept, ...rest } = redactSample(sampleOf(parameters, msg), ['other', key])
          const shown = JSON.stringify([kept, rest.msg]).toLowerCase()
          expect(shown).not.toContain(
            text
              .trim()
              .slice(before, before + 4)
              .toLowerCase(),
          )
        },
      ),
    )
  })

  it('keeps nothing of a key that was read as several parameters', () => {
    const { parameters } = redactSample(
      sampleOf([
        { name: 'QX9', value: 'ZZ7' },
        { name: 'X7', value: 'Q' },
      ]),
      ['QX9=ZZ7&X7=Q'],
    )
    expect(JSON.stringify(parameters)).not.toMatch(/[QXZ]/)
  })

  it('keeps nothing of a check_code or a token that another parameter or the message repeats', () => {
    const sample = sampleOf(
      [
        { name: 'note', value: 'it was Zq3vXw9k' },
        { name: 'check_code', value: 'Zq3vXw9k' },
      ],
      'parameter "Zq3vXw9k" is missing',
    )
    expect(JSON.stringify(redactSample(sample, []))).not.toContain('Zq3vXw9k')
  })

  it('keeps nothing of a key that is the name of a parameter, in the message', () => {
    for (const name of ['Q"X\\Z-key', 'Q '.repeat(40), 'Q"'.repeat(40)]) {
      const msg = `parameter ${quoteText(name)} is repeated with different values`
      for (const keys of [[name], undefined])
        expect(redactSample(sampleOf([{ name, value: '' }], msg), keys).msg).toBe(
          'parameter "[redacted]" is repeated with different values',
        )
    }
  })

  it('keeps nothing of a long token that another parameter repeats', () => {
    const token = Array.from({ length: 99 }, (_, index) => `w${index}`).join(' ')
    for (const repeated of [token, `it was ${token}`, encodeURIComponent(token), Buffer.from(token).toString('hex')]) {
      const parameters = [
        { name: 'token', value: token },
        { name: 'note', value: repeated },
      ]
      expect(redactSample(sampleOf(parameters), []).parameters[1]?.value).toBe('[redacted]')
    }
  })

  it('keeps only documented names, and no values, while the keys are not known', () => {
    const parameters = [
      { name: 'room_id', value: '1' },
      { name: 'site', value: '3' },
    ]
    const { parameters: kept, msg } = redactSample(sampleOf(parameters, 'parameter "site" is repeated'), undefined)
    expect(kept).toEqual([
      { name: 'room_id', value: '[redacted]' },
      { name: '[redacted]', value: '[redacted]' },
    ])
    expect(msg).toBe('parameter "[redacted]" is repeated')
  })

  it('keeps at most 20 parameters with names of 40 and values of 64 visible characters', () => {
    const anyText = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.string({ unit: 'grapheme' }))
    const anyParameters = fc.array(fc.record({ name: anyText, value: anyText }), { maxLength: 40 })
    fc.assert(
      fc.property(anyParameters, fc.array(anyText, { maxLength: 2 }), (parameters, keys) => {
        const kept = redactSample(sampleOf(parameters), keys).parameters
        expect(kept.length).toBe(Math.min(parameters.length, 20))
        for (const { name, value } of kept) {
          expect(name.length).toBeLessThanOrEqual(40)
          expect(value.length).toBeLessThanOrEqual(64)
          expect(name + value).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u)
        }
      }),
    )
  })

  it('escapes control characters, direction marks and unpaired surrogates', () => {
    expect(redactOne('user_name', 'a\u001b[2J\r\n\u202e\ud83c')?.value).toBe('a\\u001b[2J\\u000d\\u000a\\u202e\\ud83c')
  })

  it.each(['"', 'token=', 'a_', 'Bearer ', '://', '://a:', 'eyJ', 'eyJ.', '%', 'a1', ' ', '+'])(
    'takes less than a second for 256 KB of %j',
    (part) => {
      const startedAt = performance.now()
      const value = part.repeat((256 * 1024) / part.length)
      redactSample(
        sampleOf(Array.from({ length: 20 }, (_, index) => ({ name: `token${index}`, value: value.slice(0, 12_000) }))),
        ['k3y'],
      )
      redactOne('note', value, ['k3y'])
      expect(performance.now() - startedAt).toBeLessThan(1000)
    },
  )
})
