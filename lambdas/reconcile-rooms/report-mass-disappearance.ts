import { massDisappearanceAlert, massDisappearanceOverAlert } from '../../core/notifications/mass-disappearance.ts'
import type { SweepFindings } from '../../core/reconciliation/findings.ts'
import type { MassDisappearance } from '../../core/reconciliation/mass-disappearance.ts'
import { asError } from '../as-error.ts'
import type { ReconcileRoomsDependencies } from './dependencies.ts'

/**
 * Tells people once that an episode of mass disappearance has begun, and once that it is over.
 *
 * @param before the episode of the sweep before.
 * @returns the episode as the next sweep must know it: an alert that the topic did not accept is sent by the next sweep.
 */
export async function reportMassDisappearance(
  { alerts, timeZone, now, logger }: ReconcileRoomsDependencies,
  before: MassDisappearance | undefined,
  { massDisappearance: current }: Pick<SweepFindings, 'massDisappearance'>,
  signal: AbortSignal,
): Promise<MassDisappearance | undefined> {
  try {
    if (current !== undefined && !current.isAlerted) {
      await alerts.publish(massDisappearanceAlert(current, timeZone), signal)
      return { ...current, isAlerted: true }
    }
    if (current === undefined && before?.isAlerted)
      await alerts.publish(massDisappearanceOverAlert(before, now(), timeZone), signal)
    return current
  } catch (error) {
    logger.error('the alert could not be published; the next sweep tries again', asError(error))
    return current ?? before
  }
}
