import { expect } from 'vitest'
import { type System, signParameters } from '../../support/system.ts'
import { type SelectPoints, walkCalls } from './walk-calls.ts'

const maxAttempts = 5

/**
 * Kills `receive-callback` at points of a genuine and of a forged callback, sends them again until they are answered, and verifies
 * that a killed one was not acknowledged, and that only the genuine one is in the log, once.
 */
export async function verifyKilledReceiveCallback(system: System, selectPoints: SelectPoints): Promise<void> {
  await verifyLog(system, await killReceiver(system, selectPoints, 'verified', 401))
}

/** The same while the key cannot be read. Then both callbacks are queued unverified, and the forged one is dropped later. */
export async function verifyKilledDeferral(system: System, selectPoints: SelectPoints): Promise<void> {
  const recover = system.run.inject({ service: 'secretsmanager', status: 400, code: 'ThrottlingException' })
  const ids = await killReceiver(system, selectPoints, 'deferred', 200)
  recover()
  await verifyLog(system, ids)
}

/** @returns the ids of the genuine callbacks, each of which is a `trace_id` and a room. They begin with the prefix. */
async function killReceiver(
  system: System,
  selectPoints: SelectPoints,
  prefix: string,
  statusOfForged: number,
): Promise<readonly string[]> {
  const { run } = system
  const { names, killed } = await walkCalls(run, 'ReceiveCallback', selectPoints, async (name, disturb) => {
    // So that it reads its secret.
    await run.recycle('ReceiveCallback')
    const id = `${prefix}-${name}`
    const params = { event: 'open', room_id: id, trace_id: id }
    const forged = { ...params, trace_id: `${id}-forged` }
    await disturb(async () => {
      expect(await send(system, signParameters(params))).toBe(200)
      expect(await send(system, signParameters(forged, 'the key of someone else'))).toBe(statusOfForged)
    })
  })
  expect(killed).toHaveLength(names.length)
  return names.map((name) => `${prefix}-${name}`)
}

async function verifyLog(system: System, ids: readonly string[]): Promise<void> {
  expect(ids).not.toEqual([])
  await system.settle()
  for (const id of ids) {
    const { body } = await system.query(`/api/events?room_id=${id}`)
    expect(body, id).toMatchObject({ items: [{ trace_id: id }], cursor: null })
  }
}

/** @returns the first status below 500. */
async function send(system: System, params: Record<string, string>): Promise<number> {
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const { status } = await system.callback(params)
    if (status < 500) return status
  }
  throw new Error('the callback still fails')
}
