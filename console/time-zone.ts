import { signal } from '@preact/signals'
import { zoneOffsetMs } from '../core/protocol/time-zone.ts'

const storageKey = 'northbound-time-zone'
const halfYearMs = 182 * 86_400_000

const browserZone = new Intl.DateTimeFormat().resolvedOptions().timeZone

/** The IANA time zone of all times and days: the installation's, or the browser's until it is known. */
export const timeZone = signal(sessionStorage.getItem(storageKey) ?? browserZone)

/** Whether `timeZone` is that of the installation, or the statistics could not be read. Until then, times are not shown. */
export const isZoneSettled = signal(sessionStorage.getItem(storageKey) !== null)

/** Takes over the time zone of the installation. A zone that the browser does not know is ignored. */
export function followTimeZone(name: string): void {
  if (isKnown(name)) {
    sessionStorage.setItem(storageKey, name)
    timeZone.value = name
  }
  isZoneSettled.value = true
}

function isKnown(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined
  } catch {
    return false
  }
}

/** @returns the name of the time zone if its clocks differ from those of the browser, now or half a year later. */
export function nameForeignZone(nowMs: number): string | undefined {
  const zone = timeZone.value
  const differs = [nowMs, nowMs + halfYearMs].some((at) => zoneOffsetMs(at, zone) !== zoneOffsetMs(at, browserZone))
  return differs ? zone : undefined
}

export function forgetTimeZone(): void {
  sessionStorage.removeItem(storageKey)
  isZoneSettled.value = false
  timeZone.value = browserZone
}
