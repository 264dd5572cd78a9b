import type { CallbackParameters, SimulatedAvd } from '@northbound/avd-simulator'

/** Makes what a callback reports happen on the platform, whose lists the sweeps read. It sends no callback. */
export function mirror(avd: SimulatedAvd, { event, room_id, user_id, user_name }: CallbackParameters): void {
  if (typeof room_id !== 'string') return
  if (event === 'open') void avd.openRoom(room_id)
  if (event === 'close') void avd.closeRoom(room_id)
  if (typeof user_id !== 'string') return
  if (event === 'join') void avd.join(room_id, user_id, typeof user_name === 'string' ? { user_name } : {})
  if (event === 'leave') void avd.leave(room_id, user_id)
}
