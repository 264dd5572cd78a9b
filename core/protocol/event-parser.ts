import type { z } from 'zod'
import {
  dataSchema,
  type EventData,
  type EventMetadata,
  type NorthboundEvent,
  type Parameters,
  presentValue,
  unknownData,
} from './events.ts'

/** Values of one parameter that are remembered, and characters of such a value. They limit the memory that a parser needs. */
const maxKnownValues = 4096
const maxKnownLength = 256

/** Parses the value of one parameter. */
type ValueParser = (value: string | undefined) => z.ZodSafeParseResult<unknown>

/**
 * Returns a function that parses events exactly as `parseEvent` does, for the many events of a stream. It parses equal values of
 * a parameter once, and the events share the result.
 */
export function createEventParser(): (metadata: EventMetadata, params: Parameters) => NorthboundEvent {
  const parserBySchema = new Map<z.ZodType, ValueParser>()
  const parserOf = (schema: z.ZodType) => {
    const parser = parserBySchema.get(schema) ?? createValueParser(schema)
    parserBySchema.set(schema, parser)
    return parser
  }
  const parsersByEvent = new Map(
    dataSchema.options.map(({ shape }) => [
      shape.event.value as string,
      Object.entries(shape).map(([name, schema]) => ({ name, parse: parserOf(schema) })),
    ]),
  )
  return ({ trace_id, received_at, source }, params) => {
    const { event = '' } = params
    const data = parseData(parsersByEvent.get(event) ?? [], (name) => presentValue(params, name, source))
    return { trace_id, received_at, source, event, params, data: data ?? unknownData(params) }
  }
}

/** @returns undefined if a value is missing or cannot be parsed. */
function parseData(
  parsers: readonly { readonly name: string; readonly parse: ValueParser }[],
  read: (name: string) => string | undefined,
): EventData | undefined {
  const data: Record<string, unknown> = {}
  for (const { name, parse } of parsers) {
    const value = read(name)
    const parsed = parse(value)
    if (!parsed.success) return undefined
    if (parsed.data !== undefined) data[name] = parsed.data
  }
  return 'event' in data ? (data as EventData) : undefined
}

function createValueParser(schema: z.ZodType): ValueParser {
  const known = new Map<string | undefined, z.ZodSafeParseResult<unknown>>()
  return (value) => {
    const result = known.get(value)
    if (result !== undefined) return result
    const parsed = schema.safeParse(value)
    if (known.size < maxKnownValues && (value ?? '').length <= maxKnownLength) known.set(value, parsed)
    return parsed
  }
}
