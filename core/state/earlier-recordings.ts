import type { Recording } from './recording.ts'

// A state holds the earlier recordings of an exporter that a later event can still change: a completion often comes hours after
// the next recording has started. Their number and size are limited, so that a state always fits into one item.

/** Finished recordings rarely change. */
const maxEarlierReady = 8
const maxEarlierUnfinished = 100
/** UTF-8 bytes of the texts of all earlier recordings. */
const maxEarlierBytes = 81_920

/**
 * Keeps the latest of the earlier recordings.
 *
 * @param earlier oldest first.
 * @param finalUntil ms: the latest start of those dropped before.
 */
export function trackEarlier(
  earlier: readonly Recording[],
  finalUntil: number | undefined,
): { readonly earlier?: readonly Recording[]; readonly final_until?: number } {
  let [ready, unfinished, bytes] = [0, 0, 0]
  const isTracked = (recording: Recording) => {
    bytes += sizeOf(recording)
    const isWithinNumber =
      recording.status === 'ready' ? ++ready <= maxEarlierReady : ++unfinished <= maxEarlierUnfinished
    return isWithinNumber && bytes <= maxEarlierBytes
  }
  const tracked = new Set(earlier.toReversed().filter(isTracked))
  const dropped = earlier.filter((recording) => !tracked.has(recording))
  const starts = dropped.flatMap(({ start_instant }) => start_instant ?? [])
  const final_until = starts.length === 0 ? finalUntil : Math.max(finalUntil ?? 0, ...starts)
  return {
    ...(tracked.size > 0 && { earlier: dropped.length === 0 ? earlier : earlier.filter((one) => tracked.has(one)) }),
    ...(final_until !== undefined && { final_until }),
  }
}

function sizeOf({ files, reason, exporter_id, exporter_type, start_time, stop_time }: Recording): number {
  return Buffer.byteLength([files, reason, exporter_id, exporter_type, start_time, stop_time].join(''))
}
