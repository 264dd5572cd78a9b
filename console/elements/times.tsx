import { formatDateTime } from '../format.ts'
import { formatDuration } from './duration.ts'

/** A time in the time zone of the installation, or a dash if there is none. */
export function Time({ iso }: { iso: string | null }) {
  return iso === null ? '–' : <time dateTime={iso}>{formatDateTime(iso)}</time>
}

/** A duration as hours, minutes and seconds, or a dash if it has not ended. */
export function Duration({ seconds }: { seconds: number | null }) {
  return seconds === null ? '–' : <time dateTime={`PT${seconds}S`}>{formatDuration(seconds)}</time>
}
