import { z } from 'zod'
import type { AlarmRecovery } from '../../core/notifications/alarm-recovery.ts'

const stateSchema = z.object({ value: z.string(), timestamp: z.string().optional() })

/** The event `CloudWatch Alarm State Change`, as far as it is used. */
const eventSchema = z.object({
  time: z.iso.datetime(),
  detail: z.object({
    alarmName: z.string(),
    configuration: z.object({ description: z.string().default('') }).default({ description: '' }),
    previousState: stateSchema,
    state: stateSchema,
  }),
})

/**
 * Reads the recovery of an alarm from CloudWatch's event.
 *
 * @returns undefined for a change from another state than ALARM or to another one than OK.
 * @throws z.ZodError for anything but an event of CloudWatch about a change of state.
 */
export function readRecovery(event: unknown): AlarmRecovery | undefined {
  const { time, detail } = eventSchema.parse(event)
  const { alarmName: name, configuration, previousState, state } = detail
  if (previousState.value !== 'ALARM' || state.value !== 'OK') return undefined
  return {
    name,
    description: configuration.description,
    since: parseTimestamp(previousState.timestamp),
    at: parseTimestamp(state.timestamp) ?? Date.parse(time),
  }
}

/** @param timestamp like `2026-11-26T17:04:40.989+0000`; the offset without a colon is not ISO 8601. */
function parseTimestamp(timestamp: string | undefined): number | undefined {
  const at = Date.parse((timestamp ?? '').replace(/([+-]\d\d)(\d\d)$/, '$1:$2'))
  return Number.isNaN(at) ? undefined : at
}
