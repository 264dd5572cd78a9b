import { expect } from 'vitest'
import { z } from 'zod'
import { receiveMessages } from '../../../bench/recovery/published-events.ts'
import type { System } from '../../support/system.ts'
import { applyMessages } from './messages.ts'
import { createTypicalBatch } from './typical-batch.ts'
import { type SelectPoints, undisturbed, walkCalls } from './walk-calls.ts'

const roomEventSchema = z.object({ trace_id: z.string(), event: z.string(), room_id: z.string().optional() })
const alertSchema = z.object({ box_code: z.string().optional() })

/**
 * Kills `apply-events` at points of a typical batch, delivers the batch again, and verifies that the query API shows what it shows
 * after an undisturbed batch, and that everything was published.
 */
export async function verifyKilledApplyEvents(system: System, selectPoints: SelectPoints): Promise<void> {
  const { run } = system
  const published = new Set<string>()
  const alerted = new Set<string>()
  const stopReceiving = await Promise.all([
    receiveMessages(run, run.outputs.RoomEventTopicArn, (body) => {
      const { trace_id, event, room_id } = roomEventSchema.parse(body)
      published.add(event === 'session_ended' ? `${event} ${room_id}` : trace_id)
    }),
    receiveMessages(run, run.outputs.AlertTopicArn, (body) => alerted.add(String(alertSchema.parse(body).box_code))),
  ])
  const now = Date.now()
  const { names, killed } = await walkCalls(run, 'ApplyEvents', selectPoints, async (name, disturb) => {
    const { past, batch } = createTypicalBatch(name, now)
    await applyMessages(run, `${name}-past`, past)
    await disturb(() => applyMessages(run, name, batch))
  })
  expect(killed.length).toBeGreaterThan(0.7 * names.length)
  const expected = await readViews(system, undisturbed)
  expect(expected).toMatch(/"in_room"|"left"/)
  for (const name of names) expect(await readViews(system, name), name).toBe(expected)
  const isComplete = (name: string) => {
    const { traceIds, roomId, boxCode } = createTypicalBatch(name, now)
    return [...traceIds, `session_ended ${roomId}`].every((id) => published.has(id)) && alerted.has(boxCode)
  }
  await expect.poll(() => names.filter((name) => !isComplete(name)), { timeout: 20_000 }).toEqual([])
  for (const stop of stopReceiving) await stop()
}

/** Reads what the query API says about the batch of an attempt, with the same name in place of that of the attempt. */
async function readViews(system: System, name: string): Promise<string> {
  const paths = [
    `/api/rooms/${name}-room`,
    `/api/events?room_id=${name}-room`,
    `/api/sessions?room_id=${name}-room`,
    `/api/meetings?room_id=${name}-room`,
    `/api/events?box_code=${name}-box`,
  ]
  const bodies: unknown[] = []
  for (const path of paths) {
    const { status, body } = await system.query(path)
    expect(status, path).toBe(200)
    bodies.push(body)
  }
  return JSON.stringify(bodies, null, 1).replaceAll(name, 'NAME')
}
