import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { explanations } from '../../../console/elements/warning-explanations.ts'
import { titleOfAlarm } from '../../../core/notifications/alarm-titles.ts'
import { describeMassDisappearance } from '../../../core/notifications/mass-disappearance.ts'
import { describeWarning } from '../../../core/notifications/warning-texts.ts'

const runbooks = ['runbook.md', 'runbook.zh-CN.md'].map((page) =>
  readFileSync(new URL(`../../../docs/${page}`, import.meta.url), 'utf8'),
)

/** The titles of alerts that are no alarms. */
const zones = { chinese: 'Asia/Shanghai', english: 'UTC' }
const alertTitles: Readonly<Record<string, { readonly chinese: string; readonly english: string }>> = {
  'mass-disappearance': describeMassDisappearance({ missing: 10, present: 20, since: 0 }, zones).title,
  'port-check': describeWarning(
    {
      boxCode: 'b',
      otherType: undefined,
      ports: [],
      portCount: 0,
      maxListedPorts: 1,
      sentOptions: undefined,
      suppressed: 0,
      at: 0,
    },
    zones,
  ).title,
}

describe('the explanation of each warning', () => {
  it.each(Object.entries(explanations))('%s leads to a heading of both runbooks', (_code, { heading }) => {
    for (const runbook of runbooks) expect(runbook).toContain(`\n## ${heading}\n`)
  })

  it.each(Object.entries(explanations))('%s has the title of its alarm or alert', (_code, explanation) => {
    const { heading, title } = explanation
    expect(title).toEqual(alertTitles[heading] ?? titleOfAlarm(`prod-${heading}`, 'prod'))
  })
})
