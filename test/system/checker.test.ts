import { SeededRandom } from '@northbound/avd-simulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkRun } from '../chaos/check.ts'
import type { ReceivedAlert } from '../chaos/check-alerts.ts'
import type { SentCallback } from '../chaos/check-log.ts'
import type { ReceivedRoomEvent } from '../chaos/check-room-events.ts'
import { readLog, readShownState } from '../chaos/read-answers.ts'
import { receiveMessages } from '../chaos/receive-messages.ts'
import { ChaosTraffic, sign } from '../chaos/traffic.ts'
import { checkCodeKey, type System, startSystem } from '../support/system.ts'

const callbackCount = 250

describe('the checker, on the running system without faults', () => {
  let system: System

  beforeAll(async () => {
    system = await startSystem({ checkCodeKey })
  })
  afterAll(() => system.run.stop())

  it('finds nothing wrong, and notices a callback that was never sent', async () => {
    const roomEvents = await receiveMessages<ReceivedRoomEvent>(system.run, 'RoomEventTopicArn')
    const alerts = await receiveMessages<ReceivedAlert>(system.run, 'AlertTopicArn')
    const callbacks = await sendCallbacks(system)
    await system.settle()
    await Promise.all([roomEvents.stop(), alerts.stop()])
    const roomIds = distinct(callbacks.map(({ params }) => params.room_id))
    const boxCodes = distinct(callbacks.map(({ params }) => params.box_code))
    const run = {
      callbacks,
      log: await readLog(system.run, roomIds, boxCodes),
      shown: await readShownState(system.run, roomIds),
      roomEvents: roomEvents.messages,
      alerts: alerts.messages,
    }
    expect(checkRun(run)).toEqual([])
    expect(run.log.length).toBeGreaterThan(callbackCount / 2)
    expect(run.alerts.length).toBeGreaterThan(0)
    const unknown = run.log[0]?.trace_id
    const others = callbacks.filter(({ params }) => params.trace_id !== unknown)
    expect(checkRun({ ...run, callbacks: others })).toEqual([expect.stringContaining(String(unknown))])
  })
})

/** Sends random callbacks one after another, genuine, forged and unsigned ones. */
async function sendCallbacks(system: System): Promise<SentCallback[]> {
  const traffic = new ChaosTraffic(new SeededRandom(5))
  const sent: SentCallback[] = []
  for (let index = 0; index < callbackCount; index++) {
    const callback = traffic.next()
    const params = Object.fromEntries(
      Object.entries(sign(callback, checkCodeKey)).map(([name, value]) => [name, String(value)]),
    )
    const { status } = await system.callback(params)
    sent.push({ params, isGenuine: callback.signature === 'genuine', status })
  }
  return sent
}

function distinct(values: readonly (string | undefined)[]): string[] {
  return [...new Set(values.filter((value) => value !== undefined))]
}
