import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { z } from 'zod'
import * as metricNames from '../../names/metrics.ts'
import { acceptedOutcomes, refusalOutcomes } from '../../names/outcomes.ts'
import * as sweepLog from '../../names/sweep-log.ts'

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
    query: z.string().optional(),
  }),
})

describe('the dashboard', () => {
  let widgets: z.output<typeof widgetSchema>[]

  beforeAll(() => {
    const template = JSON.parse(readFileSync(join(inject('assemblies').strict, 'Northbound.template.json'), 'utf8'))
    const resources: { Type: string; Properties: { DashboardBody: unknown } }[] = Object.values(template.Resources)
    const body = resources.find(({ Type }) => Type === 'AWS::CloudWatch::Dashboard')?.Properties.DashboardBody
    // Names that are known only at deployment are replaced by a placeholder.
    const [, parts] = z.object({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) }).parse(body)['Fn::Join']
    const text = parts.map((part) => (typeof part === 'string' ? part : 'name')).join('')
    widgets = z.object({ widgets: z.array(widgetSchema) }).parse(JSON.parse(text)).widgets
  })
  const metrics = () => widgets.flatMap(({ properties }) => properties.metrics ?? [])
  const ownMetrics = () => metrics().filter(([namespace]) => namespace === 'Northbound')

  it('asks the questions of an operator in the order of the data flow', () => {
    const questions = widgets.filter(({ type }) => type === 'text').toSorted((a, b) => a.y - b.y)
    expect(questions.map(({ properties }) => properties.markdown)).toEqual([
      '## 1. 回调是否正常到达？ / Are callbacks coming in?',
      '## 2. 是否有回调被拒绝？原因是什么？ / Are callbacks refused, and why?',
      '## 3. 队列是否及时处理？ / Is the queue draining?',
      '## 4. 状态与平台是否一致？ / Does the state match the platform?',
      '## 5. 通知是否送达？ / Are notifications delivered?',
    ])
  })

  it('fills the width below each question with graphs that have a bilingual title', () => {
    const rows = Map.groupBy(
      widgets.filter(({ type }) => type === 'metric' || type === 'log'),
      ({ y }) => y,
    )
    expect(rows.size).toBe(5)
    for (const row of rows.values()) {
      expect(row.reduce((sum, { width }) => sum + width, 0)).toBe(24)
      expect(new Set(row.map(({ x }) => x)).size).toBe(row.length)
      for (const { properties } of row) expect(properties.title).toMatch(/\p{Script=Han}.* \/ /u)
    }
  })

  it('shows every outcome of a callback', () => {
    // "accepted" is computed: Lambda's invocations minus all refusals.
    expect(metrics().some(([namespace, name]) => namespace === 'AWS/Lambda' && name === 'Invocations')).toBe(true)
    const shown = ownMetrics()
      .filter(([, name]) => name === metricNames.callbacks)
      .map((metric) => metric[metric.indexOf('outcome') + 1])
    const counted = [...acceptedOutcomes, ...refusalOutcomes].filter((outcome) => outcome !== 'accepted')
    expect([...new Set(shown)].toSorted()).toEqual(counted.toSorted())
  })

  it('shows backlog and age of the event queue for all message groups and for the quiet ones', () => {
    const shown = metrics().filter(([namespace]) => namespace === 'AWS/SQS')
    expect(new Set(shown.map(([, name]) => name))).toEqual(
      new Set([
        'ApproximateNumberOfMessagesVisible',
        'ApproximateNumberOfMessagesVisibleInQuietGroups',
        'ApproximateAgeOfOldestMessage',
        'ApproximateAgeOfOldestMessageInQuietGroups',
        'ApproximateNumberOfNoisyGroups',
      ]),
    )
  })

  it('shows every metric of the functions', () => {
    const searched = [
      ...JSON.stringify(metrics()).matchAll(/SEARCH\('\{Northbound,\w+,service\} MetricName=\\+"(\w+)/g),
    ]
    const shown = [...ownMetrics().map(([, name]) => name), ...searched.map(([, name]) => name)]
    // It exists only with group robots (test/stack/chat.test.ts).
    const { robotsUnavailable, ...others } = metricNames
    expect(shown).not.toContain(robotsUnavailable)
    expect(new Set(shown)).toEqual(new Set(Object.values(others)))
  })

  it('compares rooms and users of the platform with those stored by queries of the log of sweeps', () => {
    const queries = widgets.filter(({ type }) => type === 'log').map(({ properties }) => properties.query)
    const line = `SOURCE 'name' | filter message = '${sweepLog.message}'\n| stats`
    expect(queries).toEqual([
      `${line} max(${sweepLog.roomsObserved}), max(${sweepLog.roomsStored}) by bin(5m)`,
      `${line} max(${sweepLog.usersObserved}), max(${sweepLog.usersStored}) by bin(5m)`,
    ])
  })
})

describe('metricNames', () => {
  it('contains only metrics that a function emits', () => {
    const folder = new URL('../../lambdas/', import.meta.url)
    const source = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(new URL(name, folder), 'utf8'))
      .join()
    const emitted = [...source.matchAll(/\bmetricNames\.(\w+)/g)].map(([, key]) => key)
    expect(new Set(emitted)).toEqual(new Set(Object.keys(metricNames)))
  })
})
