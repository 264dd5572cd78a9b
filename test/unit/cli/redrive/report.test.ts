import { describe, expect, it } from 'vitest'
import { LetterCounts } from '../../../../cli/redrive/letter-counts.ts'
import { toLines } from '../../../../cli/redrive/report.ts'

describe('the report of a redrive', () => {
  it('shows control characters of events and rooms as escapes', () => {
    const counts = new LetterCounts()
    const facts = { event: 'open\u001b[2J', room_id: 'R\n', received_at: 0, cause: 'failed' } as const
    counts.add('1', facts, 'selected')
    const result = { redriven: 0, end: 'complete', failure: undefined } as const
    const [group] = toLines({ language: 'en' }, { isDryRun: true, counts, result, heldElsewhere: 0 })
    expect(group).toBe('      1  open\\u001b[2J  room R\\n  failed for a day')
  })
})
