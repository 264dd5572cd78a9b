import { warningsEndedAlert } from '../../core/notifications/warnings-ended.ts'
import type { OpenWarning } from '../../core/ports/open-warnings.ts'
import { isQuiet } from '../../core/state/warning-episode.ts'
import { asError } from '../as-error.ts'
import type { ReconcileRoomsDependencies } from './dependencies.ts'

/**
 * Sends the all-clear of warnings about media servers that have been quiet for long enough, with or without a platform. Never
 * fails: what cannot be read or sent now, the next run sends. Costs one request if no warning is open.
 */
export async function endWarnings(dependencies: ReconcileRoomsDependencies, signal: AbortSignal): Promise<void> {
  const { openWarnings, rules, now, logger } = dependencies
  try {
    const open = await openWarnings.list(signal)
    for (const warning of open)
      if (isQuiet(warning.lastWarningAt, now(), rules)) await end(dependencies, warning, signal)
  } catch (error) {
    logger.error('open warnings not read; the next sweep does it', asError(error))
  }
}

async function end(
  { openWarnings, alerts, timeZone, now, logger }: ReconcileRoomsDependencies,
  warning: OpenWarning,
  signal: AbortSignal,
): Promise<void> {
  const { kind, box_code } = warning
  try {
    await alerts.publish(warningsEndedAlert(warning, now(), timeZone), signal)
    await openWarnings.remove(warning, signal)
    logger.info('alert changed', { kind, box_code, to: 'clear' })
  } catch (error) {
    logger.error('alert not sent; the next sweep sends it', { kind, box_code, to: 'clear', error: asError(error) })
  }
}
