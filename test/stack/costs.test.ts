import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { type BenchBundles, readBundles } from '../../bench/bundles.ts'
import { type IdleStack, readIdleStack } from '../../bench/idle/idle-stack.ts'
import { prices } from '../../bench/prices.ts'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

describe('what the stack costs without events', () => {
  let bundles: BenchBundles
  let stack: IdleStack
  beforeAll(async () => {
    bundles = await readBundles(inject('assemblies').strict)
    stack = readIdleStack((type) => bundles.resources(type))
  })

  it('includes one metric for each alarm, and two for the one on signatures', () => {
    const others = stack.alarms.filter(({ metrics }) => metrics !== 1)
    expect(others).toEqual([{ name: 'Northbound-refused-signatures', metrics: 2 }])
    expect(stack.alarms).toHaveLength(bundles.resources('AWS::CloudWatch::Alarm').length)
  })

  it('includes the number and the price of alarms that the documents state', () => {
    const metrics = stack.alarms.reduce((sum, alarm) => sum + alarm.metrics, 0)
    const usd = (metrics * prices.month.alarmMetric).toFixed(2)
    const alarms = stack.alarms.length
    expect(read('docs/costs.md')).toContain(`| alarms | ${usd} | ${alarms} alarms watch ${metrics} metrics`)
    expect(read('docs/costs.zh-CN.md')).toContain(
      `| 告警 | ${usd} | ${alarms} 个 CloudWatch 告警监视 ${metrics} 个指标`,
    )
    expect(read('README.md')).toContain(`${alarms} CloudWatch alarms`)
    expect(read('README.zh-CN.md')).toContain(`${alarms} 个 CloudWatch 告警`)
    expect(read('docs/alerts.md')).toContain(`${alarms} CloudWatch alarms (${usd} USD a month)`)
    expect(read('docs/alerts.zh-CN.md')).toContain(`${alarms} 个 CloudWatch 告警（每月 ${usd} 美元）`)
  })

  it('includes no dashboard, since it has no more metrics than a free one', () => {
    for (const { metrics } of stack.dashboards) {
      expect(metrics).toBeGreaterThan(30)
      expect(metrics).toBeLessThanOrEqual(prices.freeDashboards.metrics)
    }
    expect(stack.dashboards).toHaveLength(1)
  })

  it('includes one version of the key for seven years, since each of the first two rotations costs', () => {
    const [key] = bundles.resources('AWS::KMS::Key')
    expect(key?.properties).toMatchObject({ EnableKeyRotation: true, RotationPeriodInDays: 2560 })
  })

  it('includes the sweeps among the scheduled functions', () => {
    expect(stack.schedules).toContainEqual({
      functionName: 'ReconcileRooms',
      periodMinutes: 1,
      memoryGb: 1,
      logsInvocations: true,
    })
  })
})
