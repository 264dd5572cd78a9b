import { describe, expect, it } from 'vitest'
import type { Correction } from '../../../../core/reconciliation/correction.ts'
import { sendInTime } from '../../../../lambdas/reconcile-rooms/send-in-time.ts'

const correction = (event: string, key: string): Correction => ({
  key,
  envelope: { trace_id: key, received_at: 1, source: 'reconcile', params: { event } },
})
const leaves = Array.from({ length: 2500 }, (_, index) => correction('leave', `${index}`))
const signal = new AbortController().signal

/** Sends corrections, each request taking a second of the time that is left. */
async function send(corrections: readonly Correction[], remainingMs: number) {
  const requests: string[][] = []
  const queue = {
    countVisible: async () => 0,
    sendAll: async (envelopes: readonly Correction['envelope'][]) => {
      remainingMs -= 1000
      requests.push(envelopes.map(({ params }) => params.event ?? ''))
    },
  }
  const sent = await sendInTime(queue, corrections, { remainingMs: () => remainingMs }, signal)
  return { sent, requests }
}

describe('sendInTime', () => {
  it('sends closes after everything else', async () => {
    const { requests, sent } = await send([correction('close', 'R'), ...leaves], 50_000)
    expect(requests.map((events) => [events.length, events[0]])).toEqual([
      [1000, 'leave'],
      [1000, 'leave'],
      [500, 'leave'],
      [1, 'close'],
    ])
    expect(sent).toHaveLength(2501)
  })

  it('stops in time to record what it has sent', async () => {
    const { sent, requests } = await send(leaves, 9000)
    expect(sent).toEqual(leaves.slice(0, 2000))
    expect(requests).toHaveLength(2)
  })
})
