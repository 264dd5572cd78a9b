import { formatDateTime } from '../format.ts'
import { isZoneSettled } from '../time-zone.ts'
import { formatDuration } from './duration.ts'
import { None } from './none.tsx'

/** A time in the time zone of the installation, or a dash for null. */
export function Time({ iso }: { iso: string | null }) {
  if (iso === null) return <None />
  return <time dateTime={iso}>{isZoneSettled.value ? formatDateTime(iso) : '…'}</time>
}

/** A duration as hours, minutes and seconds, or a dash if it has not ended. */
export function Duration({ seconds }: { seconds: number | null }) {
  return seconds === null ? <None /> : <time dateTime={`PT${seconds}S`}>{formatDuration(seconds)}</time>
}
