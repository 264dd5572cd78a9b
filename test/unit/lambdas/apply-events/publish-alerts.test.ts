import { afterEach, describe, expect, it, vi } from 'vitest'
import { applyBatch } from '../../../../lambdas/apply-events/apply-batch.ts'
import { publishApplied } from '../../../../lambdas/apply-events/publish.ts'
import { unlimited } from '../../../support/apply.ts'
import { cut, event, warningAt } from '../../../support/events.ts'
import { bodiesOf, publishUntilDone, setUpPublishing } from '../../../support/topics.ts'

describe('publishAlerts', () => {
  afterEach(() => void vi.useRealTimers())

  it('alerts once about 500 warnings of the same ports, and at once about other media servers and ports', async () => {
    const { sent, deliver } = setUpPublishing()
    const warnings = Array.from({ length: 500 }, () => warningAt(100))
    for (const batch of cut(warnings, [100])) await deliver(...batch)
    await deliver(warningAt(101, 8088, 'C'), warningAt(102, 7630))
    await deliver(warningAt(110))
    expect(sent.alerts.map(({ payload }) => [payload.box_code, payload.suppressed])).toEqual([
      ['B', 0],
      ['C', 0],
      ['B', 0],
      ['B', 499],
    ])
  })

  it('does not alert again about a duplicate or a redelivered warning', async () => {
    const { sent, deliver } = setUpPublishing()
    const first = warningAt(100)
    await deliver(first)
    await deliver({ ...first })
    await deliver({ ...first, received_at: 105 })
    expect(sent.alerts).toHaveLength(1)
  })

  it('alerts on redelivery if the first delivery crashed between the state and the topic', async () => {
    const { sent, deliver, dependencies } = setUpPublishing()
    const first = warningAt(100)
    await applyBatch(dependencies, [first], unlimited)
    await deliver(warningAt(101))
    expect(sent.alerts).toEqual([])
    await deliver({ ...first })
    expect(sent.alerts.map(({ payload }) => payload.trace_id)).toEqual([first.trace_id])
  })

  it('records the warning whose alert was sent, once for each alert, so that its all-clear can follow', async () => {
    const { deliver, recordedWarnings } = setUpPublishing()
    await deliver(warningAt(100), warningAt(101))
    await deliver(warningAt(110))
    expect([...recordedWarnings]).toEqual([['port_check B', [100, 110]]])
  })

  it('sends the alert again if the warning could not be recorded', async () => {
    const { sent, dependencies } = setUpPublishing()
    let failures = 1
    const openWarnings = {
      record: async () => {
        if (failures-- > 0) throw new Error('DynamoDB is down')
      },
    }
    expect(await publishUntilDone({ ...dependencies, openWarnings }, [warningAt(100)])).toBe(2)
    expect(sent.alerts).toHaveLength(2)
  })

  it('records no warning whose alert the topic does not accept', async () => {
    const { dependencies, recordedWarnings } = setUpPublishing()
    const alerts = { publish: () => Promise.reject(new Error('SNS is down')) }
    const applied = await applyBatch(dependencies, [warningAt(100)], unlimited)
    await publishApplied({ ...dependencies, alerts }, applied, unlimited)
    expect(recordedWarnings.size).toBe(0)
  })

  it('retries until the topic accepts the alert, without repeating other messages', async () => {
    const { sent, dependencies } = setUpPublishing()
    let failures = 3
    const alerts = {
      publish: async (alert: Parameters<typeof dependencies.alerts.publish>[0]) => {
        if (failures-- > 0) throw new Error('SNS is down')
        await dependencies.alerts.publish(alert)
      },
    }
    expect(await publishUntilDone({ ...dependencies, alerts }, [warningAt(100), event('join')])).toBe(4)
    expect(sent.alerts).toHaveLength(1)
    // The room events were published at once. Only the message of the warning was retried.
    expect(bodiesOf(sent.roomEvents).filter((body) => body.event === 'join')).toHaveLength(1)
  })

  it('starts no further alerts after the deadline if the topic does not respond', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { dependencies } = setUpPublishing()
    let attempts = 0
    const alerts = {
      publish: async () => {
        attempts++
        vi.advanceTimersByTime(15_000)
        throw new Error('no response')
      },
    }
    const warnings = Array.from({ length: 40 }, (_, box) => warningAt(100, 8088, `B${box}`))
    const applied = await applyBatch(dependencies, warnings, unlimited)
    const { failures } = await publishApplied({ ...dependencies, alerts }, applied, { remainingMs: () => 23_000 })
    expect(failures.size).toBe(40)
    expect(attempts).toBeLessThan(10)
  })

  it('distinguishes alerts that failed from suppressed warnings', async () => {
    const { dependencies } = setUpPublishing()
    const publish = () => Promise.reject(new Error('SNS is down'))
    const [first, second] = [warningAt(100), warningAt(101)]
    const applied = await applyBatch(dependencies, [first, second], unlimited)
    const { alerts } = await publishApplied({ ...dependencies, alerts: { publish } }, applied, unlimited)
    expect([alerts.get(first), alerts.get(second)]).toEqual(['unsent', undefined])
  })

  it('sends an alert again if it could not be marked as sent', async () => {
    const { sent, dependencies } = setUpPublishing()
    let writes = 0
    const store = {
      ...dependencies.store,
      write: async (projection: Parameters<typeof dependencies.store.write>[0]) => {
        writes++
        if (writes === 2) throw new Error('the table does not exist')
        return dependencies.store.write(projection)
      },
    }
    expect(await publishUntilDone({ ...dependencies, store }, [warningAt(100)])).toBe(2)
    expect(sent.alerts).toHaveLength(2)
  })
})
