import type { PortAlert } from '../../core/state/port-alerts.ts'

/** Characters of a fingerprint as base64url text, and its bytes. */
const fingerprintLength = 11
const fingerprintBytes = 8
/** Enough for times in ms up to the year 10,889. */
const timeBytes = 6
const entryBytes = fingerprintBytes + timeBytes

/** @param recentEvents fingerprints with times, as `core/projection/recent-events.ts` makes them. */
export function packRecentEvents(recentEvents: readonly string[]): Uint8Array {
  const packed = Buffer.alloc(recentEvents.length * entryBytes)
  for (const [index, entry] of recentEvents.entries()) {
    packed.write(entry.slice(0, fingerprintLength), index * entryBytes, 'base64url')
    const time = Number.parseInt(entry.slice(fingerprintLength), 36)
    packed.writeUIntBE(time, index * entryBytes + fingerprintBytes, timeBytes)
  }
  return packed
}

export function unpackRecentEvents(packed: Uint8Array): string[] {
  const bytes = Buffer.from(packed)
  return Array.from({ length: bytes.length / entryBytes }, (_, index) => {
    const from = index * entryBytes
    const fingerprint = bytes.toString('base64url', from, from + fingerprintBytes)
    return `${fingerprint}${bytes.readUIntBE(from + fingerprintBytes, timeBytes).toString(36)}`
  })
}

/** Bytes of the set, which is a hash, and of the number of warnings. */
const portSetBytes = 6
const warningsBytes = 4
const portAlertBytes = portSetBytes + timeBytes + warningsBytes
const maxWarnings = 2 ** (8 * warningsBytes) - 1

export function packPortAlerts(alerts: readonly PortAlert[]): Uint8Array {
  const packed = Buffer.alloc(alerts.length * portAlertBytes)
  let at = 0
  for (const { set, sent_at, warnings } of alerts) {
    at = packed.writeUIntBE(set, at, portSetBytes)
    at = packed.writeUIntBE(sent_at, at, timeBytes)
    at = packed.writeUIntBE(Math.min(warnings, maxWarnings), at, warningsBytes)
  }
  return packed
}

export function unpackPortAlerts(packed: Uint8Array): PortAlert[] {
  const bytes = Buffer.from(packed)
  return Array.from({ length: bytes.length / portAlertBytes }, (_, index) => {
    const from = index * portAlertBytes
    return {
      set: bytes.readUIntBE(from, portSetBytes),
      sent_at: bytes.readUIntBE(from + portSetBytes, timeBytes),
      warnings: bytes.readUIntBE(from + portSetBytes + timeBytes, warningsBytes),
    }
  })
}
