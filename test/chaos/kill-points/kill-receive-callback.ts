import { expect } from 'vitest'
import { type System, signParameters } from '../../support/system.ts'
import { type SelectPoints, walkCalls } from './walk-calls.ts'

const maxAttempts = 5

/**
 * Kills `receive-callback` at points of a genuine and of a forged callback, sends them again until they are answered, and verifies
 * that a killed one was not acknowledged, and that the genuine one is in the log once.
 */
export async function verifyKilledReceiveCallback(system: System, selectPoints: SelectPoints): Promise<void> {
  const { run } = system
  const { names, killed } = await walkCalls(run, 'ReceiveCallback', selectPoints, async (name, disturb) => {
    // So that it reads its secret.
    await run.recycle('ReceiveCallback')
    const params = { event: 'open', room_id: name, trace_id: name }
    const forged = { ...params, trace_id: `${name}-forged` }
    await disturb(async () => {
      expect(await send(system, signParameters(params))).toBe(200)
      expect(await send(system, signParameters(forged, 'the key of somebody else'))).toBe(401)
    })
  })
  expect(killed).toHaveLength(names.length)
  await system.settle()
  for (const name of names) {
    const { body } = await system.query(`/api/events?room_id=${name}`)
    expect(body, name).toMatchObject({ items: [{ trace_id: name }], cursor: null })
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
