import type { Port } from '../protocol/events.ts'
import { parseJson } from '../protocol/parse-json.ts'
import { redactSecrets } from '../protocol/redaction.ts'
import { type Alert, toAsciiSubject, toPrintable, truncate } from './alert.ts'
import { emailZones, renderEmail } from './alert-text.ts'
import { kindOfWarning, type WarningEvent } from './warning-event.ts'
import { describeWarning, smsText, type WarningFacts } from './warning-texts.ts'

/** Characters of the port list in the payload. SNS accepts 256 KB, and JSON can need seven bytes for one character. */
const maxPortListLength = 30_000
/** Characters of `options` that are included if they could not be parsed. */
const maxOptionsLength = 300
/** Characters of the `box_code` in the subject. */
const maxSubjectBoxCodeLength = 40
/** Characters of an id in the e-mail. */
const maxEmailIdLength = 200
const maxEmailPorts = 50

/**
 * The alert about a warning of the master (docs/contract.md, section 7).
 *
 * @param suppressed number of warnings about the same ports that were suppressed since the last alert.
 * @param timeZone IANA time zone of the readers.
 */
export function warningAlert(warning: WarningEvent, suppressed: number, timeZone: string): Alert {
  const sentOptions = redactSecrets((warning.params.options ?? '').toWellFormed())
  const facts = factsOf(warning, suppressed, sentOptions)
  const zones = emailZones(timeZone)
  const boxCode = truncate(warning.data.box_code, maxSubjectBoxCodeLength, '...')
  return {
    payload: payloadOf(warning, suppressed, truncate(sentOptions, maxOptionsLength)),
    subject: toAsciiSubject(`[AVD] ${describeWarning({ ...facts, boxCode }, zones).summary.english}`),
    email: renderEmail(describeWarning(facts, zones), [
      `trace_id: ${truncate(toPrintable(warning.trace_id), maxEmailIdLength)}`,
    ]),
    sms: smsText(warning, suppressed, timeZone),
  }
}

function factsOf({ data, received_at }: WarningEvent, suppressed: number, sentOptions: string): WarningFacts {
  const { ports, unread } = data.options
  const unreadEntries = Array.isArray(parseJson(sentOptions)) ? unread : undefined
  return {
    boxCode: truncate(toPrintable(data.box_code), maxEmailIdLength),
    otherType: data.event_type === 'check_port' ? undefined : toPrintable(data.event_type),
    ports,
    portCount: ports.length,
    maxListedPorts: maxEmailPorts,
    sentOptions:
      unread === 0 ? undefined : { text: truncate(toPrintable(sentOptions), maxOptionsLength), unreadEntries },
    suppressed,
    at: received_at,
  }
}

function payloadOf(warning: WarningEvent, suppressed: number, options: string): Alert['payload'] {
  const { data, trace_id, received_at } = warning
  const { ports, unread } = data.options
  const listed = truncatePorts(ports)
  return {
    kind: kindOfWarning(warning),
    box_code: data.box_code,
    ports: listed,
    trace_id,
    received_at: new Date(received_at).toISOString(),
    suppressed,
    ...(kindOfWarning(warning) === 'warning' ? { event_type: data.event_type } : {}),
    ...(listed.length < ports.length ? { ports_omitted: ports.length - listed.length } : {}),
    ...(unread > 0 ? { options } : {}),
  }
}

function truncatePorts(ports: readonly Port[]): readonly Port[] {
  let length = 0
  const end = ports.findIndex((port) => {
    length += JSON.stringify(port).length
    return length > maxPortListLength
  })
  return end === -1 ? ports : ports.slice(0, end)
}
