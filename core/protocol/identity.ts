import type { DocumentedEventName } from './events.ts'

const room = ['room_id']
const user = ['room_id', 'user_id']
const stream = ['room_id', 'user_id', 'stream_id']

/** The identifying parameters of the events of the document (docs/contract.md, section 3). */
const identifyingParameters: Readonly<Record<DocumentedEventName, readonly string[]>> = {
  open: room,
  close: room,
  join: user,
  leave: user,
  update: user,
  publish: stream,
  unpublish: stream,
  sub: stream,
  unsub: stream,
  start_record: room,
  stop_record: room,
  record_transcoding_completion: room,
  warning_notify: ['box_code'],
}

/**
 * Returns the first identifying parameter that is missing, or undefined if the event is complete.
 *
 * A signed event must carry its own `trace_id`: the signature does not cover names, so a captured request whose `trace_id`
 * was renamed would otherwise count again (docs/protocol.md, The scheme signs values, not names). An event that the
 * document does not define needs only its name.
 */
export function missingIdentity(
  parameters: Readonly<Record<string, string | undefined>>,
  signed: boolean,
): string | undefined {
  if (!parameters.event) return 'event'
  const needed = isDocumentedEvent(parameters.event) ? identifyingParameters[parameters.event] : []
  const required = [...needed, ...(signed ? ['trace_id'] : [])]
  return required.find((name) => !parameters[name])
}

function isDocumentedEvent(event: string): event is DocumentedEventName {
  // Object.hasOwn, because an event may be named "constructor", which every object has.
  return Object.hasOwn(identifyingParameters, event)
}
