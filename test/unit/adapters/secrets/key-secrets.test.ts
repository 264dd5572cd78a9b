import { describe, expect, it } from 'vitest'
import {
  parseApiTokenSecret,
  parseCheckCodeSecret,
  parseEdgeKeySecret,
} from '../../../../adapters/secrets/key-secrets.ts'
import { UnusableSecretError } from '../../../../adapters/secrets/unusable-secret-error.ts'
import { expectChinese } from '../../../support/chinese-text.ts'

/** The error of a secret that is unusable. */
function errorOf(parse: (secret: string) => unknown, secret: string): unknown {
  try {
    return parse(secret)
  } catch (error) {
    return error
  }
}

describe('parseCheckCodeSecret', () => {
  it.each<[string, string, string[]]>([
    ['a current and a previous key', '{"current":"a","previous":"b"}', ['a', 'b']],
    ['the keys in the other order', '{"previous":"b","current":"a"}', ['a', 'b']],
    ['no previous key', '{"current":"a"}', ['a']],
    ['null as the previous key', '{"current":"a","previous":null}', ['a']],
    ['an empty previous key', '{"current":"a","previous":""}', ['a']],
    ['the text null as the previous key', '{"current":"nb-demo-key","previous":"null"}', ['nb-demo-key']],
    ['blanks as the previous key', '{"current":"a","previous":" \\t\\n"}', ['a']],
    ['the same key twice', '{"current":"a","previous":"a\\n"}', ['a']],
    ['only a previous key', '{"current":"","previous":"b"}', ['b']],
    ['the bare key', 'S3cret-Bare-Key-2026', ['S3cret-Bare-Key-2026']],
    ['the bare key with a line end', 'S3cret-Bare-Key-2026\r\n', ['S3cret-Bare-Key-2026']],
    ['a bare key with a blank in it', ' two words ', ['two words']],
    ['digits', '20261126', ['20261126']],
    ['digits beyond 2^53', '12345678901234567890', ['12345678901234567890']],
    ['digits with leading zeros', '00123', ['00123']],
    ['digits like an exponent', '1e5', ['1e5']],
    ['a word of JSON', 'true', ['true']],
    ['brackets around the bare key', '[abc]', ['[abc]']],
    ['base64 that ends in key=', 'aGkgtheKey=', ['aGkgtheKey=']],
    ['a JSON text', '"S3cret"', ['S3cret']],
    ['a JSON text with white space', ' "S3cret\\n" ', ['S3cret']],
    ['a JSON object that was encoded twice', JSON.stringify('{"current":"a","previous":"b"}'), ['a', 'b']],
    ['a byte order mark', '\uFEFF{"current":"nb-demo-key","previous":null}', ['nb-demo-key']],
    ['a byte order mark before the bare key', '\uFEFFabc', ['abc']],
    ['a line end behind the key', '{"current":"new-key\\n","previous":null}', ['new-key']],
    ['no-break and invisible spaces around the key', '{"current":"\u00A0\u200Bk\u2060\u3000"}', ['k']],
    ['a number as key', '{"current":12345678}', ['12345678']],
    ['a long number as key', '{"current":12345678901234567890}', ['12345678901234567890']],
    ['a number as key, with an exponent', '{"current":1.0e3}', ['1.0e3']],
    ['other fields', '{"current":"a","note":{"by":"ops"}}', ['a']],
  ])('reads a secret that has %s', (_description, secret, keys) => {
    expect(parseCheckCodeSecret(secret)).toEqual(keys)
  })

  it.each(['', '\uFEFF', '""', '{"current":""}', '{"current":"","previous":""}'])(
    'returns undefined for the empty secret %j',
    (secret) => {
      expect(parseCheckCodeSecret(secret)).toBeUndefined()
    },
  )

  it.each<[string, string, string]>([
    ['is an object with another field', '{"S3cret-name":"S3cret-value"}', 'the secret has no field "current"'],
    ['is an empty object', '{}', 'the secret has no field "current"'],
    ['is the text null', 'null', 'the secret is blank or "null"'],
    ['is the JSON text null', '"null"', 'the secret is blank or "null"'],
    ['is blank', ' \n', 'the secret is blank or "null"'],
    ['has a blank as key', '{"current":" "}', '"current" is blank or "null"'],
    ['has the text null as key', '{"current":"null"}', '"current" is blank or "null"'],
    ['has null as key', '{"current":null,"previous":null}', '"current" is blank or "null"'],
    ['has an object as key', '{"current":{"S3cret":1}}', '"current" is neither a text nor a number'],
    ['has a list as previous key', '{"current":"S3cret","previous":["S3cret"]}', '"previous" is neither a text nor a'],
    ['has true as key', '{"current":true}', '"current" is neither a text nor a number'],
    ['is a list', '["S3cret"]', 'the secret is a list'],
    ['is a damaged list', '["S3cret",]', 'the secret is not valid JSON'],
    ['is a list without its end', '[ {"current":"S3cret"}', 'the secret is not valid JSON'],
    ['is not UTF-8', 'S3cret\uFFFD', 'the secret is not text in UTF-8'],
    ['has a comma too many', '{"current":"S3cret",}', 'the secret is not valid JSON'],
    ['is cut off', '{"current":"S3cret', 'the secret is not valid JSON'],
    ['has nothing but a key in braces', '{S3cret}', 'the secret is not valid JSON'],
    ['lacks quotation marks around the key', '{"current":S3cret}', 'the secret is not valid JSON'],
    ['lacks quotation marks around the name', '{current:"S3cret"}', 'the secret is not valid JSON'],
    ['has typographic quotation marks', '{“current”:“S3cret”}', 'the secret is not valid JSON'],
    ['has single quotation marks', "{'current':'S3cret'}", 'the secret is not valid JSON'],
    ['has quotation marks around it', `'{"current":"S3cret"}'`, 'the secret is not valid JSON'],
    ['lost its quotation marks in a shell', "'{current:S3cret,previous:null}'", 'the secret is not valid JSON'],
    ['lacks the braces', '"current":"S3cret"', 'the secret is not valid JSON'],
    ['is YAML', 'current: S3cret\nprevious: S3cret', 'the secret is not valid JSON'],
    ['is an assignment', 'current=S3cret', 'the secret is not valid JSON'],
    ['has two lines', 'S3cret\nS3cret-too', 'the secret contains a line end or another control character'],
    ['has a line end in the key', '{"current":"S3cret\\nS3cret"}', '"current" contains a line end or another control'],
  ])('rejects a secret that %s, without any part of it', (_description, secret, message) => {
    const error = errorOf(parseCheckCodeSecret, secret)
    expect(error).toBeInstanceOf(UnusableSecretError)
    expect(String(error)).toContain(message)
    expect(String(error)).not.toContain('S3cret')
    expect(error).not.toHaveProperty('cause')
    if (error instanceof UnusableSecretError) expectChinese(error.text)
  })
})

describe('parseApiTokenSecret', () => {
  it.each<[string, string[] | undefined]>([
    ['{"token":"t2"}', ['t2']],
    ['{"token":"t2","previous":"t1"}', ['t2', 't1']],
    ['{"token":"t2\\n","previous":null}', ['t2']],
    ['bare-token', ['bare-token']],
    ['{"token":1234}', ['1234']],
    ['{"token":""}', undefined],
    ['', undefined],
  ])('reads %j', (secret, tokens) => {
    expect(parseApiTokenSecret(secret)).toEqual(tokens)
  })

  it.each(['{"current":"a"}', '{"token":"a b"}', 'a b', '{"token":"null"}', '{"token":"a",}', 'null'])(
    'rejects %j',
    (secret) => {
      expect(errorOf(parseApiTokenSecret, secret)).toBeInstanceOf(UnusableSecretError)
    },
  )
})

describe('parseEdgeKeySecret', () => {
  it('reads the key, and ignores a field without a name', () => {
    expect(parseEdgeKeySecret('{"key":"k"}')).toBe('k')
    expect(parseEdgeKeySecret('{"key":"k","":"other"}')).toBe('k')
    expect(parseEdgeKeySecret('')).toBeUndefined()
    expect(errorOf(parseEdgeKeySecret, '{}')).toBeInstanceOf(UnusableSecretError)
  })
})
