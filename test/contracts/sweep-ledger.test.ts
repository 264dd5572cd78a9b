import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readItems } from '../../adapters/dynamodb/batch-get.ts'
import { documentClient } from '../../adapters/dynamodb/client.ts'
import { dynamodbSweepAlertStore, sweepKeys, toSweeps } from '../../adapters/dynamodb/sweep-alert-store.ts'
import { dynamodbSweepLedger } from '../../adapters/dynamodb/sweep-ledger.ts'
import { dynamodbWarningSlots } from '../../adapters/dynamodb/warning-slots.ts'
import { noSweepAlerts } from '../../core/notifications/sweep-alerts.ts'
import { noFindings } from '../../core/reconciliation/findings.ts'
import { createTables, startDynalite } from '../support/dynamodb.ts'
import { limitItems } from '../support/strict-stores.ts'

let dynamodb: DynamoDBClient
let stop: () => void
beforeAll(async () => {
  ;({ client: dynamodb, stop } = await startDynalite())
})
afterAll(() => stop())

async function createLedger() {
  const client = limitItems(documentClient(dynamodb))
  const { state } = await createTables(dynamodb)
  const sweeps = async () => toSweeps(await readItems(client, state, sweepKeys, { consistent: true }))
  return {
    ledger: dynamodbSweepLedger(client, state),
    sweepAlerts: dynamodbSweepAlertStore(client, state),
    slots: dynamodbWarningSlots(client, state),
    slotsOfOtherInstance: dynamodbWarningSlots(client, state),
    sweeps,
    status: async () => (await sweeps()).status,
  }
}

describe('dynamodbSweepLedger', () => {
  it('grants one lease at a time, and the next one after its end or expiry', async () => {
    const { ledger } = await createLedger()
    const leases = await Promise.all([ledger.begin(1000, 500), ledger.begin(1000, 500)])
    const [lease] = leases.filter((granted) => granted !== undefined)
    expect(leases).toContain(undefined)
    await lease?.end({ ok: true, at: 1000, drift: 0, findings: noFindings })
    expect(await ledger.begin(1001, 500)).toBeDefined()
    expect(await ledger.begin(1500, 500)).toBeUndefined()
    expect(await ledger.begin(1502, 500)).toBeDefined()
  })

  it('rejects the report of a sweep whose lease another sweep has taken over', async () => {
    const { ledger } = await createLedger()
    const slow = await ledger.begin(1000, 500)
    const other = await ledger.begin(2000, 500)
    await expect(slow?.end({ ok: true, at: 1000, drift: 0, findings: noFindings })).rejects.toThrow()
    await other?.end({ ok: true, at: 2000, drift: 3, findings: noFindings })
  })

  it('passes any number of findings to the next sweep, and drops those of earlier sweeps', async () => {
    const { ledger, status } = await createLedger()
    const keys = Array.from({ length: 20_000 }, (_, user) => JSON.stringify(['会议室'.repeat(10), `${user}`]))
    const sent = { trace_id: 'reconcile-1', at: 7 }
    const findings = {
      absences: new Map(keys.map((key, index) => [key, { first_at: 6, since: 7, ...(index % 2 === 0 && { sent }) }])),
      sightings: new Map(keys.map((key, index) => [key, { changed_at: 5, ...(index % 2 === 0 && { sent }) }])),
      massDisappearance: { since: 7, missing: 20, present: 21, isContradicted: false },
    }
    await (await ledger.begin(1000, 500))?.end({ ok: true, at: 1000, drift: 20_000, findings })
    expect(await status()).toMatchObject({
      reconciliation: 'on',
      last_sweep_at: 1000,
      last_sweep_ok: true,
      drift: 20_000,
      mass_disappearance: { missing: 20 },
    })
    const second = await ledger.begin(2000, 500)
    expect(second?.findings).toEqual(findings)
    await second?.end({ ok: true, at: 2000, drift: 0, findings: noFindings })
    expect((await ledger.begin(3000, 500))?.findings).toEqual(noFindings)
  })

  it('writes findings again only if they have changed', async () => {
    const { ledger, status } = await createLedger()
    const findings = { ...noFindings, absences: new Map([['U', { first_at: 1, since: 1 }]]) }
    await (await ledger.begin(1000, 500))?.end({ ok: true, at: 1000, drift: 1, findings })
    const { findings: generation } = await status()
    const second = await ledger.begin(2000, 500)
    await second?.end({ ok: true, at: 2000, drift: 1, findings: second.findings })
    expect((await status()).findings).toBe(generation)
    const third = await ledger.begin(3000, 500)
    await third?.end({ ok: true, at: 3000, drift: 1, findings })
    expect((await status()).findings).not.toBe(generation)
    expect((await ledger.begin(4000, 500))?.findings).toEqual(findings)
  })

  it('keeps the findings when sweeps fail, for a day', async () => {
    const { ledger } = await createLedger()
    const findings = { ...noFindings, absences: new Map([['U', { first_at: 1, since: 1 }]]) }
    await (await ledger.begin(1000, 500))?.end({ ok: true, at: 1000, drift: 1, findings })
    const failing = await ledger.begin(2000, 500)
    await failing?.end({ ok: false, at: 2000 })
    const next = await ledger.begin(3000, 500)
    expect(next).toMatchObject({ findings, isContinued: false, failures: 1 })
    const dayMs = 86_400_000
    expect((await ledger.begin(2000 + dayMs, 500))?.findings).toEqual(noFindings)
  })

  it('does not continue a sweep that was killed', async () => {
    const { ledger } = await createLedger()
    expect((await ledger.begin(1000, 500))?.isContinued).toBe(true)
    const next = await ledger.begin(2000, 500)
    expect(next?.isContinued).toBe(false)
    await next?.end({ ok: true, at: 2000, drift: 0, findings: noFindings })
    expect((await ledger.begin(3000, 500))?.isContinued).toBe(true)
  })

  it('counts failed sweeps in a row', async () => {
    const { ledger } = await createLedger()
    const sweep = async (now: number, ok: boolean) => {
      const lease = await ledger.begin(now, 500)
      await lease?.end(ok ? { ok, at: now, drift: 0, findings: noFindings } : { ok, at: now })
      return lease?.failures
    }
    expect([await sweep(1, false), await sweep(2, false), await sweep(3, true), await sweep(4, false)]).toEqual([
      0, 1, 2, 0,
    ])
  })
})

describe('dynamodbSweepAlertStore', () => {
  it('returns what was written last, also to the reader of the statistics', async () => {
    const { sweepAlerts, sweeps } = await createLedger()
    expect(await sweepAlerts.read()).toEqual(noSweepAlerts)
    const state = { open: { callbacks_missing: 7 }, silence: { since: 5, estimates: 3 } }
    await sweepAlerts.write(state)
    expect(await sweepAlerts.read()).toEqual(state)
    expect((await sweeps()).alerts).toEqual(state)
    await sweepAlerts.write(noSweepAlerts)
    expect(await sweepAlerts.read()).toEqual(noSweepAlerts)
  })
})

describe('dynamodbWarningSlots', () => {
  it('gives the first warning a slot at once, and one later warning the slot after the interval', async () => {
    const { slots, slotsOfOtherInstance } = await createLedger()
    expect(await slots.take(1_000, 10_000)).toBe(1_000)
    expect(await slotsOfOtherInstance.take(3_000, 10_000)).toBe(11_000)
    expect(await slots.take(4_000, 10_000)).toBeUndefined()
    expect(await slotsOfOtherInstance.take(10_999, 10_000)).toBeUndefined()
    expect(await slots.take(11_000, 10_000)).toBe(21_000)
    expect(await slots.take(31_000, 10_000)).toBe(31_000)
  })

  it('gives one of many simultaneous warnings a slot at once, and one the next', async () => {
    const { slots, slotsOfOtherInstance } = await createLedger()
    const warnings = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? slots : slotsOfOtherInstance))
    const taken = await Promise.all(warnings.map((instance) => instance.take(1_000, 10_000)))
    expect(taken.filter((slot) => slot !== undefined).sort()).toEqual([1_000, 11_000])
  })
})
