import { describe, expect, it } from 'vitest'
import type { SendResult } from '../../../../core/ports/chat-robots.ts'
import { isUnavailable, pauseAfter, type RobotTrouble } from '../../../../core/retries/robot-pause.ts'

const minuteMs = 60_000
const throttled: SendResult = { outcome: 'throttled', retryAfterMs: 10 * minuteMs }
const failed: SendResult = { outcome: 'failed', reason: { english: 'HTTP status 502', chinese: 'HTTP 502' } }
const refused: SendResult = {
  outcome: 'refused',
  reason: { english: 'the access token is wrong', chinese: 'access_token 不正确' },
}
const sent: SendResult = { outcome: 'sent' }

/** The trouble after attempts at these minutes. */
function troubleAfter(...attempts: readonly (readonly [minute: number, SendResult])[]): RobotTrouble | undefined {
  return attempts.reduce<RobotTrouble | undefined>(
    (trouble, [minute, result]) => pauseAfter(result, trouble, minute * minuteMs).trouble,
    undefined,
  )
}

describe('isUnavailable', () => {
  it.each([
    ['has refused a message', [[0, refused]], 0, true],
    [
      'has failed for ten minutes',
      [
        [0, failed],
        [10, failed],
      ],
      10,
      false,
    ],
    [
      'has failed for a quarter of an hour',
      [
        [0, failed],
        [15, failed],
      ],
      15,
      true,
    ],
    ['has counted too many messages once', [[0, throttled]], 10, false],
    [
      'takes a message after it had counted too many',
      [
        [0, throttled],
        [10, sent],
        [20, throttled],
      ],
      20,
      false,
    ],
    [
      'has counted too many messages for a quarter of an hour',
      [
        [0, throttled],
        [10, throttled],
        [20, throttled],
      ],
      20,
      true,
    ],
    [
      'has failed, and counted too many since',
      [
        [0, failed],
        [5, throttled],
        [15, throttled],
      ],
      15,
      true,
    ],
    [
      'has refused a message, and counted too many since',
      [
        [0, refused],
        [1, throttled],
      ],
      1,
      true,
    ],
  ] as const)('decides about a robot that %s', (_description, attempts, minute, expected) => {
    expect(isUnavailable(troubleAfter(...attempts), minute * minuteMs)).toBe(expected)
  })
})

describe('pauseAfter', () => {
  it('waits as long as a robot asks that counts too many messages, at most an hour', () => {
    expect(pauseAfter(throttled, undefined, 0).pauseMs).toBe(10 * minuteMs)
    expect(pauseAfter({ outcome: 'throttled', retryAfterMs: 1e12 }, undefined, 0).pauseMs).toBe(60 * minuteMs)
  })

  it('waits five minutes after a refusal, and after failures 5 s, doubling with each in a row', () => {
    expect(pauseAfter(refused, undefined, 0).pauseMs).toBe(5 * minuteMs)
    expect(pauseAfter(failed, undefined, 0).pauseMs).toBe(5_000)
    expect(pauseAfter(failed, troubleAfter([0, failed], [1, failed]), 0).pauseMs).toBe(20_000)
    expect(pauseAfter(failed, troubleAfter([0, refused], [1, refused]), 0).pauseMs).toBe(5_000)
  })

  it('says since when and why a robot takes no messages', () => {
    const outcome = 'throttled'
    expect(troubleAfter([1, throttled])).toEqual({ outcome, since: minuteMs, attempts: 1, reason: 'too many messages' })
    const reason = 'HTTP status 502'
    const trouble = troubleAfter([1, throttled], [2, failed], [3, failed])
    expect(trouble).toEqual({ outcome: 'failed', since: minuteMs, attempts: 2, reason })
  })
})
