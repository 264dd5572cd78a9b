import { describe, expect, it } from 'vitest'
import { type Finding, findingsOf } from '../../../../cli/doctor/finding.ts'
import { renderReport, toJson } from '../../../../cli/doctor/report.ts'
import { createTerminal } from '../../../support/cli.ts'

const { ok, problem, leftOut } = findingsOf('queue')
const findings: Finding[] = [
  ok({ en: 'it is empty', zh: '队列为空' }),
  problem(
    { en: 'it is full\u001b[2J', zh: '队列已满' },
    { next: { en: 'Look.', zh: '请查看。' }, page: 'docs/runbook.md#oldest-message' },
  ),
  leftOut({ en: 'needs --stack', zh: '需要 --stack' }),
]
const report = { findings, testAlerts: [], isStopped: false }

describe('the report of doctor', () => {
  it('has a line for each finding, what to do next, and a summary', () => {
    expect(renderReport(createTerminal().terminal, report)).toEqual([
      'ok       queue: it is empty',
      'PROBLEM  queue: it is full?[2J',
      '         → Look. (docs/runbook.md#oldest-message)',
      'left out queue: needs --stack',
      'Not healthy; problems: 1, unknown: 0, remarks: 0.',
    ])
    expect(renderReport(createTerminal({ language: 'zh' }).terminal, report)).toEqual([
      '正常   queue：队列为空',
      '问题   queue：队列已满',
      '       → 请查看。（docs/runbook.zh-CN.md#oldest-message）',
      '未检查 queue：需要 --stack',
      '存在异常；问题 1 个，未知 0 个，提示 0 条。',
    ])
  })

  it('is colored on a terminal, unless NO_COLOR is set', () => {
    const { terminal } = createTerminal()
    const stdout = Object.assign(terminal.stdout, { isTTY: true })
    const first = (env: NodeJS.ProcessEnv) => renderReport({ ...terminal, stdout, env }, report)[0]
    expect(first({})).toContain('\u001b[32mok')
    expect(first({ NO_COLOR: '1' })).toBe('ok       queue: it is empty')
  })

  it('is not healthy if the command was stopped', () => {
    const { terminal } = createTerminal()
    const stopped = { ...report, findings: findings.slice(0, 1), isStopped: true }
    expect(toJson(terminal, stopped)).toMatchObject({ healthy: false })
    expect(toJson(terminal, { ...stopped, isStopped: false })).toMatchObject({ healthy: true, left_out: [] })
    expect(renderReport(terminal, stopped).at(-1)).toBe('Stopped before all checks had ended.')
  })
})
