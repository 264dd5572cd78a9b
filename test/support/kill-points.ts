import { type SimulatedAvd, startSimulatedAvd } from '@northbound/avd-simulator'
import { afterAll, beforeAll, expect } from 'vitest'
import { checkCodeKey, type System, startSystem } from './system.ts'

/** A running system, and its platform, which sends no callbacks. */
export interface KillPointSetup {
  readonly system: System
  readonly avd: SimulatedAvd
}

const keys = { accessKey: 'ak', secretKey: 'sk' }

/** Starts a system that only tests make sweep, for all tests of a suite. @returns a function that gets it. */
export function startKillPoints(): () => KillPointSetup {
  let setup: KillPointSetup | undefined
  const requireSetup = () => {
    if (setup === undefined) throw new Error('the system has not started')
    return setup
  }

  beforeAll(async () => {
    const avd = await startSimulatedAvd(keys)
    const system = await startSystem({ checkCodeKey, avd: { baseUrl: avd.url, ...keys }, sweepSeconds: 86_400 })
    setup = { system, avd }
  })

  afterAll(async () => {
    const { system, avd } = requireSetup()
    await system.run.stop()
    await avd.stop()
    expect(system.run.denials).toEqual([])
  })

  return requireSetup
}
