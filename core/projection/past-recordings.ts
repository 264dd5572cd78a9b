import type { Step } from '../state/fold.ts'
import type { Recording } from '../state/recording.ts'

/** The earlier recordings that this step of one exporter's history added or changed. */
export function findPastRecordings({ before, after }: Step): Recording[] {
  if (after?.kind !== 'recording' || after.earlier === undefined) return []
  const known = before?.kind === 'recording' ? before.earlier : undefined
  return after.earlier === known ? [] : after.earlier.filter((recording) => !known?.includes(recording))
}
