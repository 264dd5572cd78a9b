import { createHash } from 'node:crypto'
import { z } from 'zod'
import { parseJson } from './parse-json.ts'
import { shortenId, truncateText } from './text-limits.ts'

/** The origin of an event: a callback of the platform, or a correction by our own reconciliation. */
export type EventSource = 'callback' | 'reconcile'

/** What every event has besides its own data. `received_at`: ms, API Gateway's time of receipt. */
export type EventMetadata = {
  readonly trace_id: string
  readonly received_at: number
  readonly source: EventSource
}

export type Parameters = Readonly<Record<string, string>>

/** An enumeration with all spellings that the vendor's document and real platforms use. Anything else is `unknown`. */
function aliasedEnum<const Word extends string>(words: Readonly<Record<string, Word>>) {
  const known = new Map(Object.entries(words))
  return z
    .string()
    .optional()
    .transform((sent): Word | 'unknown' => known.get((sent ?? '').toLowerCase()) ?? 'unknown')
}

const closeReason = aliasedEnum({ user: 'user', auto: 'auto', reconciled: 'reconciled' })
const leaveReason = aliasedEnum({
  normal: 'normal',
  clientkick: 'client_kick',
  client_kick: 'client_kick',
  serverkick: 'server_kick',
  server_kick: 'server_kick',
  offline: 'offline',
  reconciled: 'reconciled',
})
const streamType = aliasedEnum({ audio: 'audio', video: 'video', desktop: 'desktop' })
/** The document defines one kind of warning. The name of any other kind is kept, up to 40 characters. */
const warningType = z
  .string()
  .default('check_port')
  .transform((sent) => (/^check_port$/i.test(sent) ? 'check_port' : sent.slice(0, 40).toWellFormed()))
/** The document spells a failure `faild`. */
const outcome = aliasedEnum({ success: 'success', faild: 'failed', failed: 'failed', fail: 'failed' })

// Bytes in JSON. Longer texts are truncated in the state; a longer stream id ends with a hash of the whole.
const maxUserNameBytes = 256
const maxRoomNameBytes = 256
const maxEndpointTypeBytes = 64
const maxResolutionBytes = 32
const maxStreamIdBytes = 64

const endpointTypes = new Set(['ios', 'android', 'hw', 'web', 'win', 'weixin', 'mac', 'pstn', 'sip', 'h323'])
/** Known types are stored in lower case; an unknown type is kept as sent. */
const endpointType = z
  .string()
  .optional()
  .transform((sent) => (sent && endpointTypes.has(sent.toLowerCase()) ? sent.toLowerCase() : sent))
  .transform((type) => type && truncateText(type, maxEndpointTypeBytes))

const portNumber = z
  .union([z.number(), z.string().regex(/^\d{1,5}$/)])
  .transform(Number)
  .pipe(z.int().min(0).max(65_535))
/** Longer types are rejected, because 500 ports must fit into one item. */
const maxPortTypeBytes = 40
const portType = z
  .string()
  .transform((type) => type.toWellFormed())
  .refine((type) => Buffer.byteLength(type) <= maxPortTypeBytes)
const portSchema = z.object({ type: portType, port: portNumber })
export type Port = z.output<typeof portSchema>

/** The ports that a warning names. */
export type WarnedPorts = {
  readonly ports: readonly Port[]
  /** Number of entries that could not be parsed; 1 if `options` is not a list at all. */
  readonly unread: number
}

/** `options` of a warning: a JSON list of ports. */
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

const userName = z
  .string()
  .transform((name) => truncateText(name, maxUserNameBytes))
  .optional()
/** A room's name as it is stored. */
export function toRoomName(name: string): string {
  return truncateText(name, maxRoomNameBytes)
}

const resolution = z
  .string()
  .transform((text) => truncateText(text, maxResolutionBytes))
  .optional()
const streamId = z.string().transform((id) => shortenId(id, maxStreamIdBytes))

/** Characters. Start and stop times and exporter types are much shorter. The log keeps them in full. */
const maxRecordingTextLength = 200
const recordingText = z
  .string()
  .transform((text) => text.slice(0, maxRecordingTextLength).toWellFormed())
  .optional()

const maxExporterIdLength = 1000
/** A longer id is replaced by its beginning and its hash, so that it still identifies the exporter. */
const exporterId = z
  .string()
  .transform((id) => {
    if (id.length <= maxExporterIdLength) return id
    return `${id.slice(0, maxExporterIdLength).toWellFormed()}~${createHash('sha256').update(id).digest('hex')}`
  })
  .optional()

const room = { room_id: z.string() }
const user = { ...room, user_id: z.string(), user_name: userName, endpoint_type: endpointType }
const stream = { ...user, stream_id: streamId, stream_type: streamType }
const recording = {
  ...room,
  event_type: outcome,
  exporter_id: exporterId,
  exporter_type: recordingText,
  start_time: recordingText,
  options: z.string().optional(),
}

const eventOf = <Name extends string, Shape extends z.ZodRawShape>(event: Name, shape: Shape) =>
  z.object({ event: z.literal(event), ...shape })

/** The event with which a sweep names a room. It is not in the document, and a callback cannot be one. */
export const nameRoomEvent = 'name_room'

/**
 * The events of the document, and `name_room` of sweeps. A parameter that is not listed here is kept in the log only.
 */
export const dataSchema = z.discriminatedUnion('event', [
  eventOf('open', room),
  eventOf('close', { ...room, event_type: closeReason }),
  eventOf(nameRoomEvent, { ...room, room_name: z.string().transform(toRoomName) }),
  eventOf('join', user),
  eventOf('leave', { ...user, event_type: leaveReason }),
  eventOf('update', user),
  eventOf('publish', { ...stream, resolution }),
  eventOf('unpublish', stream),
  eventOf('sub', stream),
  eventOf('unsub', stream),
  eventOf('start_record', recording),
  eventOf('stop_record', { ...recording, stop_time: recordingText }),
  eventOf('record_transcoding_completion', recording),
  eventOf('warning_notify', { box_code: z.string(), event_type: warningType, options: warnedPorts }),
])

export type KnownEventData = z.output<typeof dataSchema>
/** An event of the document. Lists of all of them have this type, so that the compiler finds a missing one. */
export type DocumentedEventName = Exclude<KnownEventData['event'], typeof nameRoomEvent>
/** An event of a later release. It is logged and counted, and has no effect on the state. */
export type UnknownEventData = { readonly event: 'unknown'; readonly room_id?: string }
export type EventData = KnownEventData | UnknownEventData

/** A parsed event: its metadata, its data, and the parameters as received. */
export type NorthboundEvent = EventMetadata & {
  /** The `event` parameter as sent. */
  readonly event: string
  readonly params: Parameters
  readonly data: EventData
}

/**
 * Parses the parameters of an event. Parameters without a value count as absent.
 *
 * Never throws: an event that is not in the document, or lacks an identifying parameter, is of kind `unknown`.
 */
export function parseEvent(metadata: EventMetadata, params: Parameters): NorthboundEvent {
  const values = Object.keys(params).map((name) => [name, presentValue(params, name, metadata.source)] as const)
  const parsed = dataSchema.safeParse(Object.fromEntries(values.filter(([, value]) => value !== undefined)))
  const data = parsed.success ? parsed.data : unknownData(params)
  return { ...metadata, event: params.event ?? '', params, data }
}

/** The value of a parameter; undefined if it counts as absent. */
export function presentValue(params: Parameters, name: string, source: EventSource): string | undefined {
  const value = params[name]
  if (value === '') return undefined
  if (name === 'event' && source === 'callback' && value === nameRoomEvent) return undefined
  // Only corrections may have the reason `reconciled`. In a callback it is an unknown reason.
  if (name === 'event_type' && source === 'callback' && /^reconciled$/i.test(value ?? '')) return undefined
  return value
}

export function unknownData({ room_id }: Parameters): UnknownEventData {
  return { event: 'unknown', ...(room_id && { room_id }) }
}
