import { describe, expect, it } from 'vitest'
import { compilePattern } from '../../../src/events/event-pattern.ts'

const event = {
  source: 'aws.cloudwatch',
  resources: ['arn:aws:one', 'arn:aws:two'],
  detail: { alarmName: 'stack-alarm', state: { value: 'OK' }, count: 3, flag: true, nothing: null },
}

describe('compilePattern', () => {
  it.each([
    { source: ['aws.cloudwatch'] },
    { source: ['aws.s3', 'aws.cloudwatch'], detail: { state: { value: ['OK'] } } },
    { detail: { alarmName: [{ prefix: 'stack-' }] } },
    { resources: ['arn:aws:two'] },
    { resources: [{ prefix: 'arn:aws:t' }] },
    { detail: { count: [3], flag: [true], nothing: [null] } },
  ])('matches an event with %j', (pattern) => {
    expect(compilePattern(pattern)(event)).toBe(true)
  })

  it.each([
    { source: ['aws.cloudwatch '] },
    { source: ['aws.cloudwatch'], detail: { state: { value: ['ALARM'] } } },
    { detail: { alarmName: [{ prefix: 'alarm' }] } },
    { detail: { count: [{ prefix: '3' }] } },
    { resources: ['arn:aws:'] },
    { detail: { count: ['3'] } },
    { detail: { absent: [null] } },
    { detail: { alarmName: { value: ['OK'] } } },
  ])('does not match an event with %j', (pattern) => {
    expect(compilePattern(pattern)(event)).toBe(false)
  })

  it.each([
    [{ source: [{ suffix: 'watch' }] }, 'EventPattern.source: the local runner emulates exact values and prefix, not'],
    [{ detail: { a: [{ prefix: 'a', suffix: 'b' }] } }, 'EventPattern.detail.a: the local runner emulates'],
    [
      { detail: { a: [{ prefix: { 'equals-ignore-case': 'a' } }] } },
      'EventPattern.detail.a: the local runner emulates',
    ],
    [{ $or: [{ source: ['a'] }] }, 'EventPattern.$or: the local runner emulates'],
    [{ detail: { a: [['b']] } }, 'EventPattern.detail.a: the local runner emulates'],
    [{ source: [] }, 'EventPattern.source has no alternatives'],
    [{ source: 'aws.cloudwatch' }, 'EventPattern.source names no field'],
    [{ detail: {} }, 'EventPattern.detail names no field'],
    [{}, 'EventPattern names no field'],
  ])('rejects %j', (pattern, reason) => {
    expect(() => compilePattern(pattern)).toThrow(reason)
  })
})
