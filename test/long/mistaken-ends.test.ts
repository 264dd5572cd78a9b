import { describe, it } from 'vitest'
import { verifyMistakenEnds, verifyMistakenStarts } from '../support/mistaken-ends.ts'

describe('a mistaken estimated end', () => {
  it('leaves no difference once a genuine event contradicts it, if it is a leave', () =>
    verifyMistakenEnds('leave', 10_000))

  it('leaves no difference once a genuine event contradicts it, if it is a close', () =>
    verifyMistakenEnds('close', 10_000))
})

describe('an estimated join', () => {
  it('leaves no difference if the participant is present or really joins within 5 minutes', () =>
    verifyMistakenStarts(10_000))
})
