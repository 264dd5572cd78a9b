import { CloudWatchClient, type GetMetricStatisticsCommandInput } from '@aws-sdk/client-cloudwatch'
import { describe, expect, it } from 'vitest'
import { readKeyUsage } from '../../../../cli/rotate-key/key-usage.ts'
import type { Period } from '../../../../core/ports/period.ts'

const minute = 60_000
const now = 1_800_000_000_000
const hourAgo = now - 60 * minute

/** Minutes ago of callbacks with the current key and with the previous one, by the metric, and of unverified ones. */
interface Callbacks {
  readonly applied: readonly number[]
  readonly withPrevious?: readonly number[]
  readonly unverified?: readonly number[]
}

function sourcesOf({ applied, withPrevious = [], unverified = [] }: Callbacks) {
  const cloudWatch = Object.assign(new CloudWatchClient({ region: 'r' }), {
    send: async ({ input }: { readonly input: GetMetricStatisticsCommandInput }) => {
      const outcome = input.Dimensions?.find(({ Name }) => Name === 'outcome')?.Value
      const times = (outcome === 'accepted_unverified' ? unverified : withPrevious).map((ago) => now - ago * minute)
      const counted = times.filter((at) => at >= Number(input.StartTime) && at < Number(input.EndTime))
      return { Datapoints: counted.map((at) => ({ Timestamp: new Date(at), Sum: 1 })) }
    },
  })
  const counts = {
    countByKind: async ({ from, to }: Period) => ({
      join: applied.filter((ago) => now - ago * minute >= from && now - ago * minute < to).length,
    }),
  }
  return { cloudWatch, counts, namespace: 'Northbound' }
}

const read = (callbacks: Callbacks, request: { readonly savedAt: number; readonly hasPrevious: boolean }) =>
  readKeyUsage(sourcesOf(callbacks), { ...request, now, signal: new AbortController().signal })

describe('readKeyUsage', () => {
  it('counts by the metric if the keys are older than an hour', async () => {
    const callbacks = { applied: [5, 10, 20, 90], withPrevious: [10, 90] }
    expect(await read(callbacks, { savedAt: hourAgo - minute, hasPrevious: true })).toEqual({
      current: 2,
      previous: 1,
      unverified: 0,
      previousUsedAt: now - 9 * minute,
    })
  })

  it('counts what came before a rotation as signed with the previous key', async () => {
    const callbacks = { applied: [5, 40, 50], withPrevious: [45] }
    const savedAt = now - 30 * minute
    const usage = { current: 1, previous: 2, unverified: 0, previousUsedAt: savedAt }
    expect(await read(callbacks, { savedAt, hasPrevious: true })).toEqual(usage)
  })

  it('counts everything as signed with the current key if there is no other', async () => {
    const usage = { current: 3, previous: 0, unverified: 0, previousUsedAt: undefined }
    expect(await read({ applied: [5, 40, 50] }, { savedAt: now - 30 * minute, hasPrevious: false })).toEqual(usage)
  })

  it('counts callbacks that were queued while no key could be read', async () => {
    const callbacks = { applied: [1], unverified: [3, 4] }
    expect(await read(callbacks, { savedAt: 0, hasPrevious: true })).toMatchObject({ unverified: 2 })
  })
})
