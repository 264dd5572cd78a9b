import { describe, expect, it } from 'vitest'
import { readHistoryOption } from '../../../local/history-option.ts'

const endAt = Date.UTC(2026, 10, 27)
const dayMs = 86_400_000

describe('the option --history', () => {
  it('creates a school of so many weeks that ends when the run starts', () => {
    const school = readHistoryOption({ history: 'weeks=1' }).history?.(endAt)
    expect(school?.endAt).toBe(endAt)
    expect(Math.floor((endAt - (school?.startAt ?? 0)) / dayMs)).toBe(7)
  })

  it('creates none by default', () => {
    expect(readHistoryOption({})).toEqual({})
  })

  it.each(['weeks=0', 'weeks=9', 'weeks=', 'weeks=2.5', '4', 'days=3', ''])('rejects "%s"', (history) => {
    expect(() => readHistoryOption({ history })).toThrow('--history must be weeks=N with 1 to 8 weeks')
  })

  it.each([{ demo: true }, { avd: 'http://127.0.0.1:7443' }, { dynamodb: 'http://127.0.0.1:8000' }])(
    'rejects a combination with %j',
    (other) => {
      expect(() => readHistoryOption({ history: 'weeks=4', ...other })).toThrow('cannot be combined')
    },
  )
})
