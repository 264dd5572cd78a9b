import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseWireTime } from '../../../../core/protocol/wire-time.ts'

const shanghai = 'Asia/Shanghai'
const toIso = (text: string, zone = shanghai) => {
  const ms = parseWireTime(text, zone)
  return ms === undefined ? undefined : new Date(ms).toISOString()
}

describe('parseWireTime', () => {
  it.each([
    ['epoch seconds', '1732444111', '2024-11-24T10:28:31.000Z'],
    ['epoch seconds with nine digits', '999999999', '2001-09-09T01:46:39.000Z'],
    ['epoch milliseconds', '1732444111123', '2024-11-24T10:28:31.123Z'],
    ['ISO in UTC', '2024-11-24T10:28:31Z', '2024-11-24T10:28:31.000Z'],
    ['ISO with milliseconds', '2024-11-24T10:28:31.123Z', '2024-11-24T10:28:31.123Z'],
    ['ISO with an offset', '2024-11-24T18:28:31+08:00', '2024-11-24T10:28:31.000Z'],
    ['ISO with a negative offset', '2024-11-24T05:28:31-05:00', '2024-11-24T10:28:31.000Z'],
    ['a wall-clock time', '2024-11-24 18:28:31', '2024-11-24T10:28:31.000Z'],
    ['a wall-clock time at midnight', '2024-11-24 00:00:00', '2024-11-23T16:00:00.000Z'],
    ['ISO without a zone, as a wall-clock time', '2024-11-24T18:28:31', '2024-11-24T10:28:31.000Z'],
    ['a wall-clock time on a leap day', '2024-02-29 08:00:00', '2024-02-29T00:00:00.000Z'],
    ['a wall-clock time of 14 digits', '20241124182831', '2024-11-24T10:28:31.000Z'],
    ['a wall-clock time of 12 digits', '202411241828', '2024-11-24T10:28:00.000Z'],
    ['a wall-clock time of 14 digits in 2026', '20261126120000', '2026-11-26T04:00:00.000Z'],
    ['a wall-clock time of one-digit parts with slashes', '2024/1/4 8:05', '2024-01-04T00:05:00.000Z'],
    ['a wall-clock time with a fraction', '2024-11-24 18:28:31.5', '2024-11-24T10:28:31.500Z'],
    ['a wall-clock time with an offset', '2024-11-24 18:28:31 +0800', '2024-11-24T10:28:31.000Z'],
    ['an offset in hours', '2024-11-24T18:28:31+08', '2024-11-24T10:28:31.000Z'],
    ['an offset whose plus sign arrived as a space', '2024-11-24T18:28:31 08:00', '2024-11-24T10:28:31.000Z'],
    ['ISO with nanoseconds', '2024-11-24T10:28:31.123456789Z', '2024-11-24T10:28:31.123Z'],
    ['ISO without separators', '20241124T102831Z', '2024-11-24T10:28:31.000Z'],
    ['white space around the time', ' 2024-11-24 18:28:31\n', '2024-11-24T10:28:31.000Z'],
  ])('accepts %s', (_, text, expected) => {
    expect(toIso(text)).toBe(expected)
  })

  it.each([
    ['UTC', '2024-07-01 12:00:00', '2024-07-01T12:00:00.000Z'],
    ['Asia/Kolkata', '2024-07-01 12:00:00', '2024-07-01T06:30:00.000Z'],
    ['Europe/Berlin', '2024-01-15 12:00:00', '2024-01-15T11:00:00.000Z'],
    ['Europe/Berlin', '2024-07-15 12:00:00', '2024-07-15T10:00:00.000Z'],
    ['Europe/Berlin', '2024-03-31 01:59:59', '2024-03-31T00:59:59.000Z'],
    ['Europe/Berlin', '2024-03-31 03:00:00', '2024-03-31T01:00:00.000Z'],
    ['Europe/Berlin', '2024-10-27 01:30:00', '2024-10-26T23:30:00.000Z'],
    ['Europe/Berlin', '2024-10-27 03:00:00', '2024-10-27T02:00:00.000Z'],
    ['America/New_York', '2024-03-10 03:00:00', '2024-03-10T07:00:00.000Z'],
    ['America/New_York', '2024-11-03 00:59:59', '2024-11-03T04:59:59.000Z'],
    ['America/New_York', '2024-11-03 02:00:00', '2024-11-03T07:00:00.000Z'],
  ])('reads wall-clock times in the configured zone: %s %s', (zone, text, expected) => {
    expect(toIso(text, zone)).toBe(expected)
  })

  it.each([
    ['Europe/Berlin', '2024-10-27 02:30:00', '2024-10-27T00:30:00.000Z'],
    ['America/New_York', '2024-11-03 01:30:00', '2024-11-03T05:30:00.000Z'],
    ['Australia/Lord_Howe', '2024-04-07 01:45:00', '2024-04-06T14:45:00.000Z'],
  ])('returns the first of two occurrences when clocks are set back: %s %s', (zone, text, expected) => {
    expect(toIso(text, zone)).toBe(expected)
  })

  it.each([
    ['Europe/Berlin', '2024-03-31 02:30:00', '2024-03-31T01:30:00.000Z'],
    ['America/New_York', '2024-03-10 02:30:00', '2024-03-10T07:30:00.000Z'],
    ['Australia/Lord_Howe', '2024-10-06 02:15:00', '2024-10-05T15:45:00.000Z'],
    ['Pacific/Apia', '2011-12-30 12:00:00', '2011-12-30T22:00:00.000Z'],
  ])('returns the time after the change when clocks are set forward: %s %s', (zone, text, expected) => {
    expect(toIso(text, zone)).toBe(expected)
  })

  it('ignores the configured zone if the text determines the time', () => {
    for (const zone of ['America/New_York', 'UTC', shanghai]) {
      expect(toIso('2024-11-24T18:28:31+08:00', zone)).toBe('2024-11-24T10:28:31.000Z')
      expect(toIso('1732444111', zone)).toBe('2024-11-24T10:28:31.000Z')
    }
  })

  it.each(['', ' ', '0', '-1', 'yesterday', '2024', '18:28:31', '1732444111s', '1,732,444,111', '🎥', 'NaN', '12-24'])(
    'rejects %j',
    (text) => {
      expect(toIso(text)).toBeUndefined()
    },
  )

  it.each([
    '2024-13-45 99:99:99',
    '2024-02-30 10:00:00',
    '2024-02-30T10:00:00Z',
    '2023-02-29 10:00:00',
    '2024-11-24 25:00:00',
    '2024-00-10 10:00:00',
    '20240230100000',
    '0001-01-01 00:00:00',
    '0000-00-00 00:00:00',
    '00010101000000',
    '9999-12-31 23:59:59',
    '0024-11-24T10:00:00Z',
  ])('rejects a date or time that does not exist: %s', (text) => {
    expect(toIso(text)).toBeUndefined()
  })

  it.each([
    '946684799',
    '4102444800',
    '1999-12-31T23:59:59Z',
    '2100-01-01T00:00:00Z',
    '20241324182831',
    '999999999999999',
  ])('rejects a time before 2000 or after 2099, or digits that are no time: %s', (text) => {
    expect(toIso(text, 'UTC')).toBeUndefined()
  })

  const anyDate = fc.date({ min: new Date('2000-01-01Z'), max: new Date('2099-12-31Z'), noInvalidDate: true })

  it('parses any time in each of the formats', () => {
    fc.assert(
      fc.property(anyDate, (date) => {
        const ms = date.getTime()
        const second = Math.floor(ms / 1000) * 1000
        expect(parseWireTime(date.toISOString(), shanghai)).toBe(ms)
        if (ms > 1e12) expect(parseWireTime(String(ms), shanghai)).toBe(ms)
        expect(parseWireTime(String(second / 1000), shanghai)).toBe(second)
        const wallClock = new Date(second + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')
        expect(parseWireTime(wallClock, shanghai)).toBe(second)
        expect(parseWireTime(wallClock.replace(/\D/g, ''), shanghai)).toBe(second)
      }),
    )
  })
})
