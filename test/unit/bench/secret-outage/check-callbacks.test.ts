import { describe, expect, it } from 'vitest'
import { countAnswers, countLost, findCallbackMistakes } from '../../../../bench/secret-outage/check-callbacks.ts'
import type { AnsweredCallback, CallbackKind } from '../../../../bench/secret-outage/mixed-load.ts'

const answer = (kind: CallbackKind, traceId: string, status: number | undefined): AnsweredCallback => ({
  kind,
  traceId,
  status,
  sentAtMs: 0,
  answerMs: 5,
})
const answered = [
  answer('genuine', 'a', 200),
  answer('genuine', 'b', 200),
  answer('forged', 'x', 200),
  answer('forged', 'y', 401),
  answer('unsigned', 'u', 401),
]
const fates = { logged: ['a', 'b'], dropped: 1 }

describe('countAnswers', () => {
  it('counts the answers of one kind of callback or of all', () => {
    expect(countAnswers(answered)).toEqual({ sent: 5, accepted: 3, refused: 2, unavailable: 0, others: 0 })
    expect(countAnswers(answered, 'forged')).toEqual({ sent: 2, accepted: 1, refused: 1, unavailable: 0, others: 0 })
    const failed = [answer('genuine', 'a', 503), answer('genuine', 'b', 400), answer('genuine', 'c', undefined)]
    expect(countAnswers(failed)).toEqual({ sent: 3, accepted: 0, refused: 0, unavailable: 1, others: 2 })
  })
})

describe('countLost', () => {
  it('counts genuine callbacks that were refused, or are not in the log exactly once', () => {
    expect(countLost(answered, ['a', 'b'])).toBe(0)
    expect(countLost(answered, ['b', 'x'])).toBe(1)
    expect(countLost(answered, ['a', 'b', 'a'])).toBe(1)
    expect(countLost([...answered, answer('genuine', 'c', 503)], ['a', 'b', 'c'])).toBe(1)
  })
})

describe('findCallbackMistakes', () => {
  it('finds none if genuine callbacks were accepted, and the others were refused at once or dropped later', () => {
    expect(findCallbackMistakes(answered, fates)).toEqual([])
  })

  it.each<[string, AnsweredCallback[], Partial<typeof fates>]>([
    ['genuine callbacks that were not answered with 200: 1', [answer('genuine', 'c', 503)], {}],
    ['genuine callbacks that were not answered with 200: 1', [answer('genuine', 'c', undefined)], {}],
    ['forged callbacks answered with neither 200 nor 401: 1', [answer('forged', 'z', 503)], {}],
    ['forged callbacks dropped after the answer: 1 instead of 2', [answer('forged', 'z', 200)], {}],
    ['forged callbacks dropped after the answer: 3 instead of 1', [], { dropped: 3 }],
    ['unsigned callbacks that were not answered with 401: 1', [answer('unsigned', 'v', 200)], {}],
    ['forged or unsigned callbacks in the log: 2', [], { logged: ['a', 'b', 'x', 'u'] }],
  ])('reports "%s"', (mistake, further, changedFates) => {
    const mistakes = findCallbackMistakes([...answered, ...further], { ...fates, ...changedFates })
    expect(mistakes).toContainEqual(expect.stringContaining(mistake))
  })
})
