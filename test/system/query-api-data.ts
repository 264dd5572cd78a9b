import { type System, startSystem } from '../support/system.ts'

export const hourMs = 3_600_000
export const now = Date.now()
export const day = now - 24 * hourMs
export const iso = (at: number) => new Date(at).toISOString()

export type ListPage = { items: Record<string, unknown>[]; cursor: string | null }

/** Starts a system with rooms, sessions, recordings and warnings of media servers. */
export async function startWithData(): Promise<System & { list(path: string): Promise<ListPage> }> {
  const system = await startSystem()
  let lastTraceId = 0
  /** Enqueues an event as if it had been received at `at` (ms since 1970). */
  const enqueue = (event: string, at: number, params: Record<string, string>) => {
    lastTraceId += 1
    return system.enqueue({ event, trace_id: `t${lastTraceId}`, ...params }, at)
  }
  const person = { user_id: 'ann/1', endpoint_type: 'web', event_type: 'normal' }
  // Two sessions in room A: one with a reconnect, and one that ended when the room closed. The events of the second
  // session are applied before those of the first.
  await enqueue('join', day + 3 * hourMs, { room_id: 'A', user_name: 'Ann', ...person })
  await enqueue('close', day + 4 * hourMs, { room_id: 'A', event_type: 'user' })
  await system.settle()
  await enqueue('join', day + 1000, { room_id: 'A', user_name: '=Ann()', ...person })
  await enqueue('join', day + 2000, { room_id: 'A', ...person })
  await enqueue('leave', day + 61_500, { room_id: 'A', ...person })
  await enqueue('join', now - hourMs, { room_id: 'B', user_name: 'Ann', ...person })
  for (const user_id of ['eve', 'eli'])
    await enqueue('join', now - hourMs, { room_id: 'E', user_id, event_type: 'normal' })
  // Four recordings: one running in an open room, one running in a room that closed two hours ago, one ready, one failed.
  for (const [room_id, exporter_id] of [
    ['B', 'on'],
    ['C', 'stuck'],
    ['D', 'ready'],
    ['D', 'failed'],
  ] as const) {
    const recording = { room_id, exporter_id, exporter_type: 'mp4' }
    await enqueue('open', now - 3 * hourMs, { room_id })
    const event_type = exporter_id === 'failed' ? 'faild' : 'success'
    await enqueue('start_record', now - 3 * hourMs, { ...recording, event_type, options: 'disk full' })
    if (exporter_id === 'ready')
      await enqueue('record_transcoding_completion', now - hourMs, {
        ...recording,
        event_type,
        options: '[{"file":"a.mp4"}]',
      })
  }
  await enqueue('close', now - 2 * hourMs, { room_id: 'C', event_type: 'auto' })
  const ports: Record<string, number> = { 'box-1': 8088, 'box-2': 7630 }
  for (const box_code of ['box-2', 'box-1', 'box-1'])
    await enqueue('warning_notify', now - 1000, {
      event_type: 'check_port',
      box_code,
      options: `[{"type":"tcp","port":${ports[box_code]}}]`,
    })
  await system.settle()
  return { ...system, list: async (path) => (await system.query(path)).body as ListPage }
}
