import type { CheckCodeKeys, SecretReader, SecretReading } from '../../core/ports/secret-reader.ts'

type Read = SecretReader<CheckCodeKeys>['read']

/** ms after a failure during which the key is not read again, so that not every batch waits in vain. */
const pauseMs = 5_000

/**
 * Returns a function that creates a reader for one batch: all callbacks of a batch share one read and one refresh.
 *
 * @param now ms since 1970
 */
export function createBatchKeys(
  keys: SecretReader<CheckCodeKeys>,
  now: () => number,
): () => SecretReader<CheckCodeKeys> {
  const read = pauseAfterFailure((deadline) => keys.read(deadline), now)
  const refresh = pauseAfterFailure((deadline) => keys.refresh(deadline), now)
  return () => ({ read: readOnce(read), refresh: readOnce(refresh) })
}

function pauseAfterFailure(read: Read, now: () => number): Read {
  let failure: { readonly at: number; readonly reading: SecretReading<CheckCodeKeys> } | undefined
  return async (deadline) => {
    if (failure !== undefined && now() - failure.at < pauseMs) return failure.reading
    const reading = await read(deadline)
    failure = reading.outcome === 'unreadable' ? { at: now(), reading } : undefined
    return reading
  }
}

function readOnce(read: Read): Read {
  let reading: ReturnType<Read> | undefined
  return (deadline) => (reading ??= read(deadline))
}
