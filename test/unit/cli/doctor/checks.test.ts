import { describe, expect, it } from 'vitest'
import { checkFunctions, checkQuota } from '../../../../cli/doctor/checks/account.ts'
import { checkAlarms } from '../../../../cli/doctor/checks/alarms.ts'
import { checkOffset, measureOffset } from '../../../../cli/doctor/checks/clock.ts'
import { checkRetention } from '../../../../cli/doctor/checks/settings.ts'
import { checkTableSettings } from '../../../../cli/doctor/checks/table-settings.ts'
import { checkFoldVersions, checkTable } from '../../../../cli/doctor/checks/tables.ts'
import { areHealthy } from '../../../../cli/doctor/finding.ts'
import { foldVersion } from '../../../../core/state/fold-version.ts'
import { tableSchemas } from '../../../../names/table-schemas.ts'

describe('the check of the quota', () => {
  it.each([
    [10, 'problem'],
    [99, 'problem'],
    [100, 'remark'],
    [999, 'remark'],
    [1000, 'ok'],
  ])('sees %d concurrent executions as %s', (quota, status) => {
    expect(checkQuota(quota).status).toBe(status)
  })

  it('finds functions that are stopped', () => {
    const receiver = { name: 'N-Receive', logicalId: 'ReceiverReceiveCallback1', variables: {} }
    const sweeps = { name: 'N-Reconcile', logicalId: 'ReconcilerReconcileRooms1', variables: {} }
    const findings = checkFunctions([
      { ...receiver, reservedConcurrency: 200 },
      { ...sweeps, reservedConcurrency: 0 },
    ])
    expect(findings).toMatchObject([{ status: 'problem', text: { en: expect.stringContaining('N-Reconcile') } }])
    const running = checkFunctions([{ ...receiver, reservedConcurrency: 200 }])
    expect(running).toMatchObject([{ status: 'ok', text: { en: expect.stringContaining('200') } }])
  })
})

describe('the check of the alarms', () => {
  const on = { ActionsEnabled: true, AlarmActions: ['topic'], StateValue: 'OK' as const }

  it('finds alarms that were deleted, switched off, or have gone off, each with its heading in the runbook', () => {
    const names = ['N-dead-letters', 'N-drift', 'N-oldest-message', 'N-api-server-errors']
    const findings = checkAlarms('N', names, [
      { ...on, AlarmName: 'N-drift', ActionsEnabled: false },
      { ...on, AlarmName: 'N-oldest-message', AlarmActions: [] },
      { ...on, AlarmName: 'N-api-server-errors', StateValue: 'ALARM' },
    ])
    expect(findings.map(({ text, page }) => [text.en, page])).toEqual([
      ['the alarm N-dead-letters has been deleted', 'docs/upgrade.md#steps'],
      [expect.stringContaining('N-drift sends no notifications'), 'docs/runbook.md#drift'],
      [expect.stringContaining('N-oldest-message sends no notifications'), 'docs/runbook.md#oldest-message'],
      ['the alarm N-api-server-errors has gone off', 'docs/runbook.md#api-server-errors'],
    ])
  })

  it('is in order if all are on, also without data', () => {
    const alarms = [{ ...on, AlarmName: 'N-drift', StateValue: 'INSUFFICIENT_DATA' as const }]
    expect(checkAlarms('N', ['N-drift'], alarms)).toMatchObject([{ status: 'ok' }])
  })
})

describe('the check of a table', () => {
  const key = (...names: string[]) =>
    names.map((AttributeName, index) => ({
      AttributeName,
      KeyType: index === 0 ? ('HASH' as const) : ('RANGE' as const),
    }))
  const index = (IndexName: string, ...names: string[]) => ({
    IndexName,
    IndexStatus: 'ACTIVE' as const,
    KeySchema: key(...names),
  })
  const { state } = tableSchemas
  const complete = {
    KeySchema: key('group', 'item'),
    GlobalSecondaryIndexes: [index('listing', 'list', 'list_order'), index('visits', 'visitor', 'visited')],
  }

  it('accepts the keys and indexes of the schema', () => {
    expect(checkTable('T', state, complete).status).toBe('ok')
  })

  it('names an index that is missing or has other keys', () => {
    const [listing] = complete.GlobalSecondaryIndexes
    const without = { ...complete, GlobalSecondaryIndexes: listing === undefined ? [] : [listing] }
    expect(checkTable('T', state, without)).toMatchObject({
      status: 'problem',
      text: { en: expect.stringContaining('visits') },
    })
    const other = {
      ...complete,
      GlobalSecondaryIndexes: [index('listing', 'list', 'x'), index('visits', 'visitor', 'visited')],
    }
    expect(checkTable('T', state, other)).toMatchObject({
      status: 'problem',
      text: { en: expect.stringContaining('listing') },
    })
  })

  it('finds other keys and an index that is being built', () => {
    expect(checkTable('T', state, { ...complete, KeySchema: key('id') }).status).toBe('problem')
    const building = complete.GlobalSecondaryIndexes.map((one) => ({ ...one, IndexStatus: 'CREATING' as const }))
    expect(checkTable('T', state, { ...complete, GlobalSecondaryIndexes: building }).status).toBe('remark')
  })
})

describe('the check of the settings of a table', () => {
  const timeToLive = { TimeToLiveStatus: 'ENABLED', AttributeName: 'expires_at' } as const
  const recoverable = (PointInTimeRecoveryStatus: 'ENABLED' | 'DISABLED') => ({
    ContinuousBackupsStatus: 'ENABLED' as const,
    PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus },
  })
  const backups = recoverable('ENABLED')
  const off = { TimeToLiveStatus: 'DISABLED' } as const

  it.each([
    ['accepts both', timeToLive, backups, ['ok']],
    [
      'accepts a time to live that is being switched on',
      { ...timeToLive, TimeToLiveStatus: 'ENABLING' },
      backups,
      ['ok'],
    ],
    ['finds no time to live', off, backups, ['problem']],
    [
      'finds a time to live that is being switched off',
      { ...timeToLive, TimeToLiveStatus: 'DISABLING' },
      backups,
      ['problem'],
    ],
    ['finds a time to live on another attribute', { ...timeToLive, AttributeName: 'ttl' }, backups, ['problem']],
    ['remarks that a table cannot be restored', timeToLive, recoverable('DISABLED'), ['remark']],
    ['finds both on a table about which nothing is known', undefined, undefined, ['problem', 'remark']],
  ] as const)('%s', (_title, ttl, continuous, statuses) => {
    expect(checkTableSettings('T', ttl, continuous).map(({ status }) => status)).toEqual(statuses)
  })
})

describe('the check of versions and settings', () => {
  it('compares the fold version of the stored state with that of the checkout', () => {
    expect(checkFoldVersions([]).status).toBe('ok')
    expect(checkFoldVersions([foldVersion, foldVersion]).status).toBe('ok')
    expect(checkFoldVersions([foldVersion + 1, foldVersion]).status).toBe('problem')
    expect(checkFoldVersions([foldVersion - 1]).status).toBe('remark')
  })

  it('remarks that logs of less than six months are too short for mainland China', () => {
    expect([30, 179, 180, 400].map((days) => checkRetention(days).status)).toEqual(['remark', 'remark', 'ok', 'ok'])
    expect(checkRetention(Number.NaN).status).toBe('unknown')
  })

  it('counts as healthy only what was checked and is no problem', () => {
    const finding = { check: 'c', text: { en: '', zh: '' } }
    expect(
      areHealthy([
        { ...finding, status: 'ok' },
        { ...finding, status: 'remark' },
      ]),
    ).toBe(true)
    expect(areHealthy([{ ...finding, status: 'left_out' }])).toBe(true)
    expect(areHealthy([{ ...finding, status: 'unknown' }])).toBe(false)
    expect(areHealthy([{ ...finding, status: 'problem' }])).toBe(false)
  })
})

describe('the check of the clock', () => {
  it('takes into account how long the response took and that the server states whole seconds', () => {
    const serverTime = 1_800_000_000_000
    const measure = (localTime: number, duration: number) => measureOffset({ localTime, serverTime, duration })
    expect(measure(serverTime + 900, 0)).toBe(0)
    expect(measure(serverTime + 8_000, 16_000)).toBe(0)
    expect(measure(serverTime + 61_000, 0)).toBe(60_000)
    expect(measure(serverTime - 60_000, 0)).toBe(-60_000)
    expect(measureOffset({ localTime: 0, serverTime: undefined, duration: 0 })).toBeUndefined()
  })

  it('finds a clock that is off, and one with which AWS refuses requests', () => {
    const statuses = [0, -5_000, 6_000, -301_000, undefined].map((offset) => checkOffset(offset).status)
    expect(statuses).toEqual(['ok', 'ok', 'remark', 'problem', 'unknown'])
  })
})
