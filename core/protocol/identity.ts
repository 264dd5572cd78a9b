const room = ['room_id']
const user = ['room_id', 'user_id']
const stream = ['room_id', 'user_id', 'stream_id']

/** The parameters that say what an event is about, for the thirteen events of the document. */
const identities: Readonly<Record<string, readonly string[]>> = {
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
 * The first parameter without which the event cannot be placed, or undefined where all are there.
 *
 * A signed event must bring its own `trace_id`: the signature does not cover names, so a captured request
 * whose `trace_id` was renamed would otherwise count again (protocol, "The scheme signs values").
 * An event of a kind the document does not know needs no more than its name.
 */
export function missingIdentity(
  parameters: Readonly<Record<string, string | undefined>>,
  signed: boolean,
): string | undefined {
  if (!parameters.event) return 'event'
  // Object.hasOwn: an event named "constructor" is an unknown event, not a property of every object.
  const needed = Object.hasOwn(identities, parameters.event) ? identities[parameters.event] : undefined
  const required = [...(needed ?? []), ...(signed ? ['trace_id'] : [])]
  return required.find((name) => !parameters[name])
}
