import { describe, expect, it } from 'vitest'
import type { OpenWarning } from '../../../../core/ports/open-warnings.ts'
import { alertWindowMs, MemoryReconciler } from './memory-reconciler.ts'

function setUp(...boxCodes: string[]) {
  const reconciler = new MemoryReconciler()
  const { now } = reconciler
  reconciler.openWarnings = boxCodes.map(
    (box_code): OpenWarning => ({
      kind: 'port_check',
      box_code,
      since: now - 1,
      lastAlertAt: now - 1,
      lastWarningAt: now,
    }),
  )
  return reconciler
}
const clearedBoxes = ({ alerts }: MemoryReconciler) =>
  alerts.map(({ payload: { kind, alert, box_code } }) => [kind, alert, box_code])

describe('all-clears of warnings about media servers', () => {
  it('are sent once, three alert windows after the last warning', async () => {
    const reconciler = setUp('B')
    reconciler.advanceTime(3 * alertWindowMs - 1)
    await reconciler.sweep([])
    expect(reconciler.alerts).toEqual([])
    reconciler.advanceTime(1)
    await reconciler.sweep([])
    await reconciler.sweep([])
    expect(clearedBoxes(reconciler)).toEqual([['all_clear', 'port_check', 'B']])
  })

  it('are sent without a platform, and if its list cannot be read', async () => {
    const unconfigured = setUp('B')
    unconfigured.isConfigured = false
    unconfigured.advanceTime(3 * alertWindowMs)
    expect(await unconfigured.sweep([])).toBe('not_configured')
    expect(clearedBoxes(unconfigured)).toEqual([['all_clear', 'port_check', 'B']])
    const failing = setUp('B')
    failing.advanceTime(3 * alertWindowMs)
    expect(await failing.sweep(new Error('unreachable'))).toBe('failed')
    expect(clearedBoxes(failing)).toEqual([['all_clear', 'port_check', 'B']])
  })

  it('are sent by the next sweep if the topic does not accept them', async () => {
    const reconciler = setUp('B', 'C')
    reconciler.advanceTime(3 * alertWindowMs)
    reconciler.isTopicDown = true
    expect(await reconciler.sweep([])).toBe('swept')
    expect(reconciler.openWarnings).toHaveLength(2)
    reconciler.isTopicDown = false
    await reconciler.sweep([])
    expect(clearedBoxes(reconciler).map(([, , box]) => box)).toEqual(['B', 'C'])
    expect(reconciler.openWarnings).toEqual([])
  })

  it('do not keep the sweep from running if the open warnings cannot be read in time', async () => {
    const reconciler = setUp('B')
    reconciler.listOpenWarnings = () => Promise.reject(new Error('DynamoDB is down'))
    expect(await reconciler.sweep([])).toBe('swept')
    expect(reconciler.alerts).toEqual([])
  })

  it('are not looked for in a sweep that a warning triggers', async () => {
    const reconciler = setUp('B')
    reconciler.advanceTime(3 * alertWindowMs)
    await reconciler.sweep([], undefined, { Records: [] })
    expect(reconciler.alerts).toEqual([])
  })
})
