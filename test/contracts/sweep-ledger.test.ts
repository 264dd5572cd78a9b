import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import dynalite from 'dynalite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { documentClient } from '../../adapters/dynamodb/client.ts'
import { dynamodbSweepLedger } from '../../adapters/dynamodb/sweep-ledger.ts'
import { readSweepStatus } from '../../adapters/dynamodb/sweep-status.ts'
import { noAbsences } from '../../core/reconciliation/presence.ts'
import { createTables, dynamodbClient } from '../support/dynamodb.ts'

describe('the ledger of the sweeps', () => {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0 })
  let address: string
  beforeAll(async () => {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => server.close())

  async function appended() {
    const plain = dynamodbClient(address)
    const client = documentClient(plain)
    const { state } = await createTables(plain)
    return { ledger: dynamodbSweepLedger(client, state), status: () => readSweepStatus(client, state) }
  }

  it('lets one sweep at a time begin, and the next once that one ended or its time is over', async () => {
    const { ledger } = await appended()
    const both = await Promise.all([ledger.begin(1000, 500), ledger.begin(1000, 500)])
    const [turn] = both.filter((begun) => begun !== undefined)
    expect(both).toContain(undefined)
    await turn?.end({ ok: true, at: 1000, drift: 0, absences: noAbsences })
    expect(await ledger.begin(1001, 500)).toBeDefined()
    expect(await ledger.begin(1500, 500)).toBeUndefined()
    expect(await ledger.begin(1502, 500)).toBeDefined()
  })

  it('does not let a sweep end whose turn another one has taken over', async () => {
    const { ledger } = await appended()
    const slow = await ledger.begin(1000, 500)
    const other = await ledger.begin(2000, 500)
    await expect(slow?.end({ ok: true, at: 1000, drift: 0, absences: noAbsences })).rejects.toThrow()
    await other?.end({ ok: true, at: 2000, drift: 3, absences: noAbsences })
  })

  it('keeps what was missing, however much, until the next sweep; and forgets what was kept before', async () => {
    const { ledger, status } = await appended()
    const absences = new Map(
      Array.from({ length: 20_000 }, (_, user) => [JSON.stringify(['R', `U${user}`]), { since: 7, sweeps: 1 }]),
    )
    await (await ledger.begin(1000, 500))?.end({ ok: true, at: 1000, drift: 20_000, absences })
    expect(await status()).toMatchObject({
      reconciliation: 'on',
      last_sweep_at: 1000,
      last_sweep_ok: true,
      drift: 20_000,
    })
    const second = await ledger.begin(2000, 500)
    expect(second?.absences).toEqual(absences)
    await second?.end({ ok: true, at: 2000, drift: 0, absences: noAbsences })
    expect((await ledger.begin(3000, 500))?.absences).toEqual(noAbsences)
  })

  it('counts failures in a row', async () => {
    const { ledger } = await appended()
    const sweep = async (now: number, ok: boolean) => {
      const turn = await ledger.begin(now, 500)
      await turn?.end({ ok, at: now, drift: 0, absences: noAbsences })
      return turn?.failures
    }
    expect([await sweep(1, false), await sweep(2, false), await sweep(3, true), await sweep(4, false)]).toEqual([
      0, 1, 2, 0,
    ])
  })
})
