import type { AlertRules } from './port-alerts.ts'

/** Alert windows without a warning after which the warnings are taken to be over (docs/contract.md, section 4). */
const quietWindows = 3
/** ms: for short windows, so that warnings every few minutes are not taken for many episodes. */
const minQuietMs = 600_000

/** Whether no warning has come for so long that the warnings are taken to be over: the platform does not report that. */
export function isQuiet(lastWarningAt: number, at: number, { alertWindowMs }: AlertRules): boolean {
  return at - lastWarningAt >= Math.max(quietWindows * alertWindowMs, minQuietMs)
}
