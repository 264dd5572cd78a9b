import type { ChatRobot, ChatService, SendResult } from '../../../../core/ports/chat-robots.ts'
import type { RobotStates } from '../../../../core/ports/robot-states.ts'
import type { RobotTrouble } from '../../../../core/retries/robot-pause.ts'

export type Clock = { ms: number }

/** Creates a sleep in virtual time: the clock goes on to the earliest end once no one else has anything to do. */
export function createSleep(clock: Clock): (ms: number) => Promise<void> {
  const sleepers: { readonly endMs: number; readonly wake: () => void }[] = []
  const wakeNext = () => {
    sleepers.sort((a, b) => a.endMs - b.endMs)
    const next = sleepers.shift()
    if (next === undefined) return
    clock.ms = Math.max(clock.ms, next.endMs)
    next.wake()
    if (sleepers.length > 0) setImmediate(wakeNext)
  }
  return (ms) =>
    new Promise((wake) => {
      sleepers.push({ endMs: clock.ms + ms, wake })
      if (sleepers.length === 1) setImmediate(wakeNext)
    })
}

/** A robot that records what it gets, and responds as told. */
export type FakeRobot = ChatRobot & {
  readonly received: { readonly text: string; readonly atMs: number }[]
  respond: (text: string) => SendResult | Promise<SendResult>
}

/** @param sendMs how long a post takes. */
export function fakeRobot(
  id: string,
  clock: Clock,
  { service = 'wecom', maxBytes = 100, minIntervalMs = 3000, sendMs = 200 }: Partial<FakeRobotOptions> = {},
): FakeRobot {
  const robot: FakeRobot = {
    id,
    service,
    maxBytes,
    minIntervalMs,
    received: [],
    respond: () => ({ outcome: 'sent' }),
    async send(text) {
      const atMs = clock.ms
      clock.ms += sendMs
      const result = await robot.respond(text)
      if (result.outcome === 'sent') robot.received.push({ text, atMs })
      return result
    },
  }
  return robot
}

type FakeRobotOptions = {
  readonly service: ChatService
  readonly maxBytes: number
  readonly minIntervalMs: number
  readonly sendMs: number
}

/** The states of robots in memory. `broken`: requests fail. */
export function memoryRobotStates(): RobotStates & {
  broken: boolean
  readonly troubles: Map<string, RobotTrouble | undefined>
} {
  const nextAt = new Map<string, number>()
  const troubles = new Map<string, RobotTrouble | undefined>()
  const requireStore = () => {
    if (states.broken) throw new Error('the table is broken')
  }
  const states = {
    broken: false,
    troubles,
    async takeTurn(id: string, now: number, expiresAt: number) {
      requireStore()
      const until = nextAt.get(id) ?? 0
      if (until > now) return { outcome: 'busy', until } as const
      nextAt.set(id, expiresAt)
      return { outcome: 'taken', trouble: troubles.get(id) } as const
    },
    async endTurn(id: string, next: number, trouble: RobotTrouble | undefined) {
      requireStore()
      nextAt.set(id, next)
      troubles.set(id, trouble)
    },
    async readTroubles(ids: readonly string[]) {
      requireStore()
      return new Map(ids.flatMap((id) => (troubles.get(id) ? [[id, troubles.get(id)] as [string, RobotTrouble]] : [])))
    },
  }
  return states
}
