import { z } from 'zod'

/** Where an event comes from: the platform's call, or our own reconciliation with its room list. */
export type Source = 'callback' | 'reconcile'

/** What is known of every event besides its own data. `received_at`: ms, API Gateway's time of receipt. */
export type EventMetadata = {
  readonly trace_id: string
  readonly received_at: number
  readonly source: Source
}

export type Parameters = Readonly<Record<string, string>>

/** The words of a parameter with all spellings the document and the field use; anything else is `unknown`. */
function vocabulary<const Word extends string>(words: Readonly<Record<string, Word>>) {
  const known = new Map(Object.entries(words))
  return z
    .string()
    .optional()
    .transform((sent): Word | 'unknown' => known.get((sent ?? '').toLowerCase()) ?? 'unknown')
}

const closeReason = vocabulary({ user: 'user', auto: 'auto', reconciled: 'reconciled' })
const leaveReason = vocabulary({
  normal: 'normal',
  clientkick: 'client_kick',
  client_kick: 'client_kick',
  serverkick: 'server_kick',
  server_kick: 'server_kick',
  offline: 'offline',
  reconciled: 'reconciled',
})
const streamType = vocabulary({ audio: 'audio', video: 'video', desktop: 'desktop' })
/** The document knows one kind of warning; the name of another is kept, as far as anybody would read it. */
const warningType = z
  .string()
  .default('check_port')
  .transform((sent) => (/^check_port$/i.test(sent) ? 'check_port' : sent.slice(0, 40).toWellFormed()))
/** `faild` is how the document spells it on the wire. */
const outcome = vocabulary({ success: 'success', faild: 'failed', failed: 'failed', fail: 'failed' })

const endpointTypes = new Set(['ios', 'android', 'hw', 'web', 'win', 'weixin', 'mac', 'pstn', 'sip', 'h323'])
/** Known ones in lower case; an unknown one is kept as sent. */
const endpointType = z
  .string()
  .optional()
  .transform((sent) => (sent && endpointTypes.has(sent.toLowerCase()) ? sent.toLowerCase() : sent))

const portNumber = z
  .union([z.number(), z.string().regex(/^\d{1,5}$/)])
  .transform(Number)
  .pipe(z.int().min(0).max(65_535))
/** A longer type is none: 500 ports must fit into one item. Characters. */
const maxPortTypeLength = 40
const portType = z
  .string()
  .max(maxPortTypeLength)
  .transform((type) => type.toWellFormed())
const portSchema = z.object({ type: portType, port: portNumber })
export type Port = z.output<typeof portSchema>

/** What a warning says of its ports. */
export type WarnedPorts = {
  readonly ports: readonly Port[]
  /** Entries, or the whole, that are not what the document shows. */
  readonly unread: number
}

/** `options` of a warning: the JSON list of ports that the document shows. */
const warnedPorts = z
  .string()
  .default('')
  .transform((text): WarnedPorts => {
    if (text.trim() === '') return { ports: [], unread: 0 }
    const listed = parseJson(text)
    if (!Array.isArray(listed)) return { ports: [], unread: 1 }
    const ports = listed.flatMap((entry) => portSchema.safeParse(entry).data ?? [])
    return { ports, unread: listed.length - ports.length }
  })

/** A name to show; what is longer is no name and is in the log. */
const userName = z
  .string()
  .transform((name) => name.slice(0, 1000).toWellFormed())
  .optional()

const room = { room_id: z.string() }
const user = { ...room, user_id: z.string(), user_name: userName, endpoint_type: endpointType }
const stream = { ...user, stream_id: z.string(), stream_type: streamType }
const recording = {
  ...room,
  event_type: outcome,
  exporter_id: z.string().optional(),
  exporter_type: z.string().optional(),
  start_time: z.string().optional(),
  options: z.string().optional(),
}

const eventOf = <Name extends string, Shape extends z.ZodRawShape>(event: Name, shape: Shape) =>
  z.object({ event: z.literal(event), ...shape })

/** The thirteen events of the document, read into data; a field that is not here stays in the log. */
const dataSchema = z.discriminatedUnion('event', [
  eventOf('open', room),
  eventOf('close', { ...room, event_type: closeReason }),
  eventOf('join', user),
  eventOf('leave', { ...user, event_type: leaveReason }),
  eventOf('update', user),
  eventOf('publish', { ...stream, resolution: z.string().optional() }),
  eventOf('unpublish', stream),
  eventOf('sub', stream),
  eventOf('unsub', stream),
  eventOf('start_record', recording),
  eventOf('stop_record', { ...recording, stop_time: z.string().optional() }),
  eventOf('record_transcoding_completion', recording),
  eventOf('warning_notify', { box_code: z.string(), event_type: warningType, options: warnedPorts }),
])

export type KnownEventData = z.output<typeof dataSchema>
/** An event of a later release: logged and counted, without effect on the state. */
export type UnknownEventData = { readonly event: 'unknown'; readonly room_id?: string }
export type EventData = KnownEventData | UnknownEventData

/** An event ready to be folded: its head, its data, and the parameters as they came (for the log). */
export type NorthboundEvent = EventMetadata & {
  /** The `event` parameter as sent. */
  readonly event: string
  readonly params: Parameters
  readonly data: EventData
}

/**
 * Reads an event's parameters into data. Parameters without a value count as absent.
 *
 * Never throws: what is not one of the document's events, with its subject, has the data of an unknown one.
 */
export function parseEvent(head: EventMetadata, params: Parameters): NorthboundEvent {
  const present = Object.fromEntries(Object.entries(params).filter(([, value]) => value !== ''))
  // Only our own sweeps may say that something was reconciled; a callback's word for it is one we do not know.
  if (head.source === 'callback' && /^reconciled$/i.test(present.event_type ?? '')) delete present.event_type
  return { ...head, event: params.event ?? '', params, data: dataOf(present) }
}

function dataOf(present: Record<string, string>): EventData {
  const parsed = dataSchema.safeParse(present)
  if (parsed.success) return parsed.data
  return { event: 'unknown', ...(present.room_id === undefined ? {} : { room_id: present.room_id }) }
}

/** The value behind JSON text, or undefined where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
