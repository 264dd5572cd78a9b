import { setTimeout as sleep } from 'node:timers/promises'
import { type SimulatedAvd, type SimulatedAvdOptions, startSimulatedAvd } from '@northbound/avd-simulator'
import { expect, onTestFinished } from 'vitest'
import { copyAssembly } from '../../support/copy-assembly.ts'
import { checkCodeKey, type System, startSystem } from '../../support/system.ts'

const avdKeys = { accessKey: 'ak', secretKey: 'sk' }
const gracePeriodMs = 1000

/** The parts of `GET /api/rooms/{id}` that reconciliation affects. */
export interface ReconciledRoom {
  readonly room: { status: string; present: number; close_reason: string | null; estimated: boolean }
  readonly participants: readonly {
    user_id: string
    status: string
    left_at: string | null
    leave_reason: string | null
    reconnects: number
    estimated: boolean
  }[]
}

/** A running system that receives the callbacks of a simulated platform and reconciles with it. */
export class ReconciledSystem {
  readonly system: System
  readonly avd: SimulatedAvd

  constructor(system: System, avd: SimulatedAvd) {
    this.system = system
    this.avd = avd
  }

  /** Puts users, each with a video stream, in rooms R0, R1, … Each room has users U0, U1, … */
  async populate(rooms: number, usersPerRoom: number): Promise<void> {
    for (let room = 0; room < rooms; room++)
      for (let user = 0; user < usersPerRoom; user++) {
        void this.avd.join(`R${room}`, `U${user}`, { user_name: `与会者 ${user}` })
        void this.avd.publish(`R${room}`, `U${user}`)
      }
    await this.settle()
  }

  /** Performs an action of the platform whose callbacks are lost. */
  async loseCallbacks(action: () => unknown): Promise<void> {
    this.avd.dropCallbacks(1)
    action()
    await this.avd.drainCallbacks()
    this.avd.dropCallbacks(0)
  }

  /** Resolves when the state includes every callback of the platform. */
  async settle(): Promise<void> {
    await this.avd.drainCallbacks()
    await this.system.settle()
  }

  /** Performs a sweep and waits until its corrections are applied. @returns the outcome. */
  async sweep(): Promise<string> {
    const result = await this.system.run.invoke('ReconcileRooms', {})
    await this.system.settle()
    if (result.kind === 'failed') throw new Error(JSON.stringify(result))
    return (result.payload as { outcome: string }).outcome
  }

  waitForGracePeriod(): Promise<void> {
    return sleep(gracePeriodMs)
  }

  /** Sweeps twice, one grace period apart. The second sweep corrects what the platform has not listed in either. */
  async sweepTwice(): Promise<void> {
    await this.sweep()
    await this.waitForGracePeriod()
    await this.sweep()
  }

  async getRoom(id: string): Promise<ReconciledRoom> {
    return (await this.system.query(`/api/rooms/${id}`)).body as ReconciledRoom
  }

  async getStats(): Promise<Record<string, unknown>> {
    return (await this.system.query('/api/stats')).body as Record<string, unknown>
  }
}

/**
 * Starts a system and a simulated platform until the test ends: the platform sends callbacks to the system, which
 * reconciles with it. The test fails if the IAM role of a function denied a call.
 *
 * @param listPaths overrides how the platform's lists are read.
 */
export async function startReconciledSystem(
  options: Partial<SimulatedAvdOptions> = {},
  listPaths?: Record<string, string>,
): Promise<ReconciledSystem> {
  const avd = await startSimulatedAvd({ ...avdKeys, checkCodeKey, ...options })
  onTestFinished(() => avd.stop())
  const system = await startSystem({
    checkCodeKey,
    assembly: await copyAssembly('strict', { SWEEP_GRACE_SECONDS: String(gracePeriodMs / 1000) }),
    visibilityTimeoutSeconds: 2,
    avd: { baseUrl: avd.url, ...avdKeys, ...(listPaths && { listPaths }) },
  })
  onTestFinished(async () => {
    await system.run.stop()
    expect(system.run.denials).toEqual([])
  })
  avd.callbackUrl = system.run.callbackUrl
  return new ReconciledSystem(system, avd)
}
