import { describe, expect, it } from 'vitest'
import { redactingReplacer, redactSecrets } from '../../../../core/protocol/redaction.ts'

describe('redactSecrets', () => {
  it.each([
    'GET /room_event_history?event=open&check_code=S3CRET&room_id=1',
    'sdkapi/v2/room/list?token=S3CRET: HTTP 500',
    'https://avd/sdkapi/v2/app/get_token?access_key=S3CRET&secret_key=S3CRET',
    '{"secret_key":"S3CRET","access_key": "S3CRET"}',
    '{\\"token\\":\\"S3CRET\\"}',
    JSON.stringify({ body: JSON.stringify({ body: JSON.stringify({ check_code: 'S3CRET' }) }) }),
    "{ token: 'S3CRET' }",
    'Authorization: Bearer S3CRET',
    'authorization=Bearer S3CRET, SignedHeaders=host',
    'CHECK_CODE = S3CRET',
    'Authorization: Basic S3CRET',
    'access_token=S3CRET',
    '{"token":["S3CRET","S3CRET"]}',
    '{"token":"words and S3CRET words"}',
    'token: "S3CRET',
  ])('redacts the secrets in %s', (text) => {
    expect(redactSecrets(text)).not.toContain('S3CRET')
    expect(redactSecrets(text)).toContain('[redacted]')
  })

  it.each([
    'room 1 is open',
    'the token is missing',
    'check_code does not match the parameters and the key',
    'tokens=3',
  ])('does not change text without secrets: %s', (text) => {
    expect(redactSecrets(text)).toBe(text)
  })

  it.each(['\\\\', '"', ' ', 'token', 'token=', 'a_'])(
    'takes less than a second for 50,000 repetitions of %j',
    (part) => {
      const startedAt = performance.now()
      redactSecrets(part.repeat(50_000))
      expect(performance.now() - startedAt).toBeLessThan(1000)
    },
  )
})

describe('redactingReplacer', () => {
  it('redacts the values of secret names at any depth', () => {
    const logged = {
      params: { check_code: 'S3CRET', token: 'S3CRET', room_id: 'R' },
      secret: { current: 'S3CRET', previous: null, ca_pem: 'S3CRET' },
      headers: { Authorization: 'S3CRET' },
      list: [{ secret_key: { nested: 'S3CRET' } }],
      error: { message: 'GET /x?token=S3CRET failed' },
    }
    const text = JSON.stringify(logged, redactingReplacer)
    expect(text).not.toContain('S3CRET')
    expect(text).toContain('"room_id":"R"')
    expect(text).toContain('"previous":null')
  })
})
