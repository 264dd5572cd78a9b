import { expect } from 'vitest'
import type { System } from '../../support/system.ts'
import type { ReceivedAlert } from '../check-alerts.ts'
import type { ReceivedRoomEvent } from '../check-room-events.ts'
import { receiveMessages } from '../receive-messages.ts'
import { applyMessages } from './messages.ts'
import { readViews } from './read-views.ts'
import { createTypicalBatch } from './typical-batch.ts'
import { type SelectPoints, undisturbed, walkCalls } from './walk-calls.ts'

/**
 * Kills `apply-events` at points of a typical batch, delivers the batch again, and verifies that the query API shows what it shows
 * after an undisturbed batch, and that everything was published.
 */
export async function verifyKilledApplyEvents(system: System, selectPoints: SelectPoints): Promise<void> {
  const { run } = system
  const roomEvents = await receiveMessages<ReceivedRoomEvent>(run, 'RoomEventTopicArn')
  const alerts = await receiveMessages<ReceivedAlert>(run, 'AlertTopicArn')
  const now = Date.now()
  const { names, killed } = await walkCalls(run, 'ApplyEvents', selectPoints, async (name, disturb) => {
    const { past, batch, later } = createTypicalBatch(name, now)
    await applyMessages(run, `${name}-past`, past)
    await disturb(() => applyMessages(run, name, batch))
    await applyMessages(run, `${name}-later`, later)
  })
  expect(killed.length).toBeGreaterThan(0.7 * names.length)
  const expected = await readViews(system, undisturbed, pathsOf(undisturbed))
  expect(expected).toContain('"left"')
  for (const name of names) expect(await readViews(system, name, pathsOf(name)), name).toBe(expected)
  const published = () => {
    const ended = roomEvents.messages.filter(({ event }) => event === 'session_ended')
    return new Set([
      ...roomEvents.messages.filter((message) => !ended.includes(message)).map(({ trace_id }) => trace_id),
      ...ended.map(({ params }) => `session_ended ${params.room_id}`),
      ...alerts.messages.map(({ box_code }) => `alert ${box_code}`),
    ])
  }
  const findMissing = () => {
    const found = published()
    return names.flatMap((name) => {
      const { traceIds, roomId, boxCode } = createTypicalBatch(name, now)
      return [...traceIds, `session_ended ${roomId}`, `alert ${boxCode}`].filter((id) => !found.has(id))
    })
  }
  await expect.poll(findMissing, { timeout: 20_000 }).toEqual([])
  await Promise.all([roomEvents.stop(), alerts.stop()])
}

function pathsOf(name: string): string[] {
  return [
    `/api/rooms/${name}-room`,
    `/api/events?room_id=${name}-room`,
    `/api/sessions?room_id=${name}-room`,
    `/api/meetings?room_id=${name}-room`,
    `/api/recordings?room_id=${name}-room`,
    `/api/events?box_code=${name}-box`,
  ]
}
