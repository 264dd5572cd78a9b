import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { z } from 'zod'

const widgetSchema = z.object({
  type: z.string(),
  x: z.number(),
  y: z.number(),
  width: z.number(),
  height: z.number(),
  properties: z.looseObject({
    markdown: z.string().optional(),
    title: z.string().optional(),
    metrics: z.array(z.array(z.unknown())).optional(),
  }),
})

describe('the dashboard', () => {
  let widgets: z.output<typeof widgetSchema>[]

  beforeAll(() => {
    const template = JSON.parse(readFileSync(join(inject('assemblies').strict, 'Northbound.template.json'), 'utf8'))
    const resources: { Type: string; Properties: { DashboardBody: unknown } }[] = Object.values(template.Resources)
    const body = resources.find(({ Type }) => Type === 'AWS::CloudWatch::Dashboard')?.Properties.DashboardBody
    // Whatever is only known when it is deployed stands for a name here.
    const [, parts] = z.object({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) }).parse(body)['Fn::Join']
    const text = parts.map((part) => (typeof part === 'string' ? part : 'name')).join('')
    widgets = z.object({ widgets: z.array(widgetSchema) }).parse(JSON.parse(text)).widgets
  })
  const metrics = () => widgets.flatMap(({ properties }) => properties.metrics ?? [])

  it('answers, from top to bottom, the questions of somebody who was woken', () => {
    const questions = widgets.filter(({ type }) => type === 'text').toSorted((a, b) => a.y - b.y)
    expect(questions.map(({ properties }) => properties.markdown)).toEqual([
      '## 1. 回调进来了吗? / Are callbacks coming in?',
      '## 2. 有没有被拒绝, 为什么? / Are they refused, and why?',
      '## 3. 队列在消化吗? / Is the queue draining?',
      '## 4. 状态有偏差吗? / Is state drifting?',
      '## 5. 通知到人了吗? / Are people being told?',
    ])
  })

  it('has figures beneath each question, side by side within the page, each with a title', () => {
    const rows = Map.groupBy(
      widgets.filter(({ type }) => type === 'metric'),
      ({ y }) => y,
    )
    expect(rows.size).toBe(5)
    for (const row of rows.values()) {
      expect(row.reduce((sum, { width }) => sum + width, 0)).toBe(24)
      expect(new Set(row.map(({ x }) => x)).size).toBe(row.length)
      for (const { properties } of row) expect(properties.title).toMatch(/\p{Script=Han}.* \/ |p99/u)
    }
  })

  it('shows every cause for which a callback is refused', () => {
    const source = readFileSync(new URL('../../lambdas/receive-callback/handler.ts', import.meta.url), 'utf8')
    const [, union = ''] = /export type Outcome =\n((?:\s+\| '\w+'\n)+)/.exec(source) ?? []
    const outcomes = [...union.matchAll(/'(\w+)'/g)].map(([, outcome]) => outcome)
    expect(outcomes.length).toBeGreaterThan(8)
    // What is accepted is the rest of Lambda's own count.
    expect(metrics().some(([namespace, name]) => namespace === 'AWS/Lambda' && name === 'Invocations')).toBe(true)
    const shown = metrics()
      .filter(([, name]) => name === 'Callbacks')
      .map((metric) => metric[metric.indexOf('outcome') + 1])
    expect([...new Set(shown)].toSorted()).toEqual(outcomes.filter((outcome) => outcome !== 'accepted').toSorted())
  })

  it("shows only figures of ours that some function's code counts", () => {
    const code = ['apply-events/report.ts', 'reconcile-rooms/handler.ts', 'receive-callback/index.ts']
      .map((file) => readFileSync(new URL(`../../lambdas/${file}`, import.meta.url), 'utf8'))
      .join()
    for (const [namespace, name] of metrics())
      if (namespace === 'Northbound') expect(code).toMatch(new RegExp(`\\b${String(name)}\\b`))
  })
})
