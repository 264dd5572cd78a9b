import { z } from 'zod'
import { sweepAlertKinds } from '../../../core/notifications/sweep-alerts.ts'
import { count, nullableTime, text, time } from './fields.ts'

export const boxSchema = z
  .strictObject({
    box_code: text,
    state: z
      .enum(['warning', 'quiet'])
      .describe('quiet: no warning for three alert windows, at least ten minutes; the platform does not report an end'),
    first_warning_at: time.describe('The first warning that no such time without warnings separates from the last one'),
    last_warning_at: time,
    ports: z.array(z.strictObject({ type: text, port: z.int(), first_seen_at: time, last_seen_at: time })),
    alerts_sent: count,
    alerts_suppressed: count,
  })
  .meta({ id: 'Box' })

const sentParameterSchema = z.strictObject({ name: text, value: text }).meta({ id: 'SentParameter' })

export const refusedSchema = z
  .strictObject({
    at: time,
    outcome: text.describe('Why it was refused: the cause that is counted'),
    msg: text.describe('What the sender was told'),
    method: text,
    source_address: text,
    parameters: z
      .array(sentParameterSchema)
      .describe(
        'At most 20, with names of 40 and values of 64 characters. What looks like a secret is redacted, and control characters are escaped',
      ),
  })
  .meta({ id: 'RefusedCallback' })

export const callbacksSchema = z
  .strictObject({
    from: time,
    to: time,
    callbacks: count.describe('Number of genuine callbacks applied in the interval, in whole minutes'),
    kinds: z
      .array(
        z
          .strictObject({
            event: text.describe('An event of the document, or other for all others together'),
            sent_by: z
              .enum(['media_server', 'master'])
              .nullable()
              .describe('The service that sends it; null for other'),
            callbacks: count,
          })
          .meta({ id: 'CallbackCount' }),
      )
      .describe('Every kind, also without callbacks'),
    refused: z
      .array(z.strictObject({ outcome: text, callbacks: count }).meta({ id: 'RefusalCount' }))
      .describe('Number of callbacks refused with 4xx by cause, every cause; some of the last minutes may be missing'),
  })
  .meta({ id: 'Callbacks' })

export const statsSchema = z
  .strictObject({
    time_zone: text.describe("The installation's time zone as an IANA name: that of days, hours and files"),
    rooms_open: count,
    participants_present: count,
    callbacks_last_hour: count.describe(
      'Number of genuine callbacks applied in the last hour; corrections do not count',
    ),
    last_callback_at: nullableTime.describe(
      'When the latest genuine callback was received; null if not within retentionDays',
    ),
    drift_last_sweep: count.nullable(),
    last_sweep_at: nullableTime,
    last_sweep_ok: z.boolean().nullable(),
    dead_letters: count,
    queue_depth: count.describe('Number of events waiting to be applied'),
    reconciliation: z
      .enum(['on', 'off'])
      .nullable()
      .describe('off: no platform is configured; null: not known until the first scheduled run'),
    warnings: z
      .array(z.enum([...sweepAlertKinds, 'dead_letters', 'refused_signatures', 'port_check']))
      .describe('What needs attention'),
  })
  .meta({ id: 'Stats' })
