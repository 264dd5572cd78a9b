import { Logger } from '@aws-lambda-powertools/logger'
import { describe, expect, it } from 'vitest'
import type { Alert } from '../../../../core/notifications/alert.ts'
import { createHandler } from '../../../../lambdas/send-all-clear/handler.ts'
import { lambdaContext } from '../../../support/api-gateway.ts'

/** An event as CloudWatch documents it, of the recovery of an alarm. */
const recovery = {
  version: '0',
  id: 'c4c1c1c9-6542-e61b-6ef0-8c4d36933a92',
  'detail-type': 'CloudWatch Alarm State Change',
  source: 'aws.cloudwatch',
  account: '123456789012',
  time: '2026-11-26T17:04:40Z',
  region: 'cn-north-1',
  resources: ['arn:aws-cn:cloudwatch:cn-north-1:123456789012:alarm:Northbound-drift'],
  detail: {
    alarmName: 'Northbound-drift',
    configuration: { description: '影响：不一致。\nImpact: Drift.', metrics: [] },
    previousState: {
      value: 'ALARM',
      reason: 'Threshold Crossed',
      reasonData: '{}',
      timestamp: '2026-11-26T16:30:00.000+0000',
    },
    state: { value: 'OK', reason: 'Threshold Crossed', reasonData: '{}', timestamp: '2026-11-26T17:04:40.989+0000' },
  },
}
const withDetail = (changed: object) => ({ ...recovery, detail: { ...recovery.detail, ...changed } })

function setUp(publish: (alert: Alert, signal?: AbortSignal) => Promise<void> = async () => undefined) {
  const published: Alert[] = []
  const handler = createHandler({
    alerts: {
      async publish(alert, signal) {
        await publish(alert, signal)
        published.push(alert)
      },
    },
    installation: 'Northbound',
    timeZone: 'Asia/Shanghai',
    logger: new Logger({ logLevel: 'SILENT' }),
  })
  return { published, send: (event: unknown, context = lambdaContext) => handler(event, context) }
}

describe('createHandler of send-all-clear', () => {
  it('publishes the all-clear of an alarm with the times of both changes of state', async () => {
    const { published, send } = setUp()
    expect(await send(recovery)).toEqual({ outcome: 'sent' })
    expect(published.map(({ payload }) => payload)).toEqual([
      {
        kind: 'all_clear',
        alarm: 'Northbound-drift',
        since: '2026-11-26T16:30:00.000Z',
        at: '2026-11-26T17:04:40.989Z',
      },
    ])
    expect(published[0]?.email).toContain('What the alarm reported: Drift.')
  })

  it.each([
    ['the first evaluation of an alarm', { previousState: { value: 'INSUFFICIENT_DATA' } }],
    ['an alarm that goes off', { previousState: { value: 'OK' }, state: { value: 'ALARM' } }],
    ['an alarm that lost its data', { state: { value: 'INSUFFICIENT_DATA' } }],
  ])('publishes nothing for %s', async (_, detail) => {
    const { published, send } = setUp()
    expect(await send(withDetail(detail))).toEqual({ outcome: 'ignored' })
    expect(published).toEqual([])
  })

  it('uses the time of the event if a state has no readable time, and no start', async () => {
    const { published, send } = setUp()
    await send(withDetail({ previousState: { value: 'ALARM' }, state: { value: 'OK', timestamp: 'today' } }))
    await send(withDetail({ configuration: {} }))
    expect(published[0]?.payload).toEqual({
      kind: 'all_clear',
      alarm: 'Northbound-drift',
      at: '2026-11-26T17:04:40.000Z',
    })
    expect(published).toHaveLength(2)
  })

  it('fails if the topic does not accept the message, so that Lambda retries it', async () => {
    const { send } = setUp(() => Promise.reject(new Error('SNS is down')))
    await expect(send(recovery)).rejects.toThrow('SNS is down')
  })

  it('fails before its time is over if the topic does not respond', async () => {
    const { send } = setUp(
      (_, signal) => new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
    )
    const context = { ...lambdaContext, getRemainingTimeInMillis: () => 1_010 }
    await expect(send(recovery, context)).rejects.toThrow('no time was left to publish the all-clear')
  })

  it('fails for an event that is not a change of state', async () => {
    await expect(setUp().send({ source: 'aws.cloudwatch' })).rejects.toThrow('detail')
  })
})
