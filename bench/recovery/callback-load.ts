import { signCallback } from '@northbound/avd-simulator'
import { startConstantLoad } from './constant-load.ts'

const usersPerBlock = 50
const rooms = 20

/** Callbacks at a constant rate, whatever the response times. */
export type CallbackLoad = {
  /** The `trace_id`s of the callbacks that were answered with 200. */
  readonly acknowledged: ReadonlySet<string>
  /** Callbacks that were answered otherwise or not at all. */
  refused(): number
  /** Resolves when all callbacks have been answered. */
  stop(): Promise<void>
}

/**
 * Sends signed callbacks of people in twenty rooms: in each second, fifty people join, publish, subscribe, or leave. Half of them stay.
 *
 * @param url of the callbacks.
 * @param name distinguishes the events of this load.
 */
export function startCallbackLoad(url: string, key: string, name: string, perSecond: number): CallbackLoad {
  const acknowledged = new Set<string>()
  let refused = 0

  async function send(index: number): Promise<void> {
    const params = signCallback(createCallback(index, name), key)
    const response = await fetch(`${url}?${new URLSearchParams(params)}`).catch(() => undefined)
    await response?.arrayBuffer()
    if (response?.status === 200) acknowledged.add(String(params.trace_id))
    else refused += 1
  }

  const { stop } = startConstantLoad(perSecond, send)
  return { acknowledged, refused: () => refused, stop }
}

/**
 * Creates the parameters of a callback: four events of each person in turn, one in each of four seconds at fifty callbacks a second.
 *
 * @param name distinguishes the events and rooms of a load.
 */
export function createCallback(index: number, name: string): Record<string, string> {
  const block = Math.floor(index / (4 * usersPerBlock))
  const phase = Math.floor(index / usersPerBlock) % 4
  const user = block * usersPerBlock + (index % usersPerBlock)
  const params = { trace_id: `${name}-${index}`, room_id: `${name}-${user % rooms}`, user_id: `U${user}` }
  const stream = { stream_type: 'audio', stream_id: `S${user}` }
  if (phase === 0) return { ...params, event: 'join', event_type: 'normal', endpoint_type: 'web' }
  if (phase === 1) return { ...params, event: 'publish', ...stream }
  if (phase === 2) return { ...params, event: 'sub', ...stream, stream_id: `S${user + 1}` }
  return user % 2 === 0
    ? { ...params, event: 'leave', event_type: 'normal' }
    : { ...params, event: 'unpublish', ...stream }
}
