import { dataSchema, nameRoomEvent } from './events.ts'

/** The events of the document (docs/protocol.md, Events). */
export const documentedEvents: readonly string[] = dataSchema.options
  .map(({ shape }) => shape.event.value)
  .filter((event) => event !== nameRoomEvent)

/** What events of later releases are counted as. */
export const otherEvents = 'other'

/** The service of the platform that sends an event; null for one that is not in the document. */
export function senderOf(event: string): 'media_server' | 'master' | null {
  if (!documentedEvents.includes(event)) return null
  return event === 'warning_notify' ? 'master' : 'media_server'
}
