import { describe, expect, it } from 'vitest'
import { feishu } from '../../../../adapters/chat/feishu.ts'
import { interpretResponse } from '../../../../adapters/chat/robot-service.ts'
import { wecom } from '../../../../adapters/chat/wecom.ts'

describe('interpretResponse', () => {
  it.each([
    [200, 'sent'],
    [302, 'failed'],
    [404, 'failed'],
    [429, 'throttled'],
    [503, 'failed'],
  ])('takes code 0 with HTTP %d as %s', (status, outcome) => {
    expect(interpretResponse(wecom, { status, headers: {}, fields: { errcode: 0 } })).toMatchObject({ outcome })
  })

  it('takes a code that refuses at its word whatever the status below 500', () => {
    const fields = { code: 19024, msg: 'Key Words Not Found' }
    expect(interpretResponse(feishu, { status: 400, headers: {}, fields })).toMatchObject({ outcome: 'refused' })
  })

  it('lets the code decide if the old field of Feishu says otherwise', () => {
    const fields = { code: 19001, StatusCode: 0 }
    expect(interpretResponse(feishu, { status: 200, headers: {}, fields })).toMatchObject({ outcome: 'refused' })
  })

  it.each([
    [{ 'retry-after': '7' }, 7_000],
    [{ 'x-ogw-ratelimit-reset': '52' }, 52_000],
    [{ 'retry-after': '86400' }, 3_600_000],
    [{ 'retry-after': '0' }, 60_000],
    [{ 'retry-after': 'Wed, 25 Nov 2026 10:00:00 GMT' }, 60_000],
    [{}, 60_000],
  ])('waits as long as the headers %j say, within an hour', (headers, retryAfterMs) => {
    const response = { status: 429, headers, fields: { code: 99991400, msg: 'request trigger frequency limit' } }
    expect(interpretResponse(feishu, response)).toEqual({ outcome: 'throttled', retryAfterMs })
  })
})
