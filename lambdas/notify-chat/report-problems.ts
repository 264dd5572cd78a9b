/** ms between two reports of the same problems. */
const reminderIntervalMs = 60_000

/**
 * Creates the report of entries of the chat secret that cannot be used. Such a secret counts as unusable in the metric, although its
 * other entries work.
 *
 * @param report gets new problems as `new`, and then at most once a minute as `known`.
 * @param now ms since 1970.
 */
export function createProblemReport(
  report: (reason: string, version: 'new' | 'known') => void,
  now: () => number,
): (problems: readonly string[]) => void {
  let reported = ''
  let reportedAt = Number.NEGATIVE_INFINITY
  return (problems) => {
    const reason = problems.join('; ')
    const isNew = reason !== reported
    reported = reason
    if (reason === '' || (!isNew && now() - reportedAt < reminderIntervalMs)) return
    reportedAt = now()
    report(reason, isNew ? 'new' : 'known')
  }
}
