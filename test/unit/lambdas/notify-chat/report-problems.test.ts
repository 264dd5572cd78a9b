import { describe, expect, it, vi } from 'vitest'
import { createProblemReport } from '../../../../lambdas/notify-chat/report-problems.ts'

describe('createProblemReport', () => {
  it('reports new problems at once, and known ones at most once a minute', () => {
    const report = vi.fn()
    let now = 0
    const reportProblems = createProblemReport(report, () => now)
    reportProblems(['wecom[0] has no URL', 'language is unknown'])
    reportProblems(['wecom[0] has no URL', 'language is unknown'])
    now = 60_000
    reportProblems(['wecom[0] has no URL', 'language is unknown'])
    reportProblems(['wecom[0] has no URL'])
    expect(report.mock.calls).toEqual([
      ['wecom[0] has no URL; language is unknown', 'new'],
      ['wecom[0] has no URL; language is unknown', 'known'],
      ['wecom[0] has no URL', 'new'],
    ])
  })

  it('reports nothing without problems, and the same problems again after they were gone', () => {
    const report = vi.fn()
    const reportProblems = createProblemReport(report, () => 0)
    reportProblems([])
    reportProblems(['wecom[0] has no URL'])
    reportProblems([])
    reportProblems(['wecom[0] has no URL'])
    expect(report.mock.calls.map(([, version]) => version)).toEqual(['new', 'new'])
  })
})
