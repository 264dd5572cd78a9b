import { describeMany } from './describe-many.ts'
import type { ExpectedAlert, ModelSettings } from './model/installation.ts'
import { minuteMs } from './model/logged-event.ts'
import { describePorts } from './model/media-server.ts'

/** A message of the alert topic (docs/contract.md, section 7). */
export interface ReceivedAlert {
  readonly kind: string
  readonly box_code?: string
  readonly ports?: readonly { readonly type: string; readonly port: number }[]
  readonly received_at?: string
}

/**
 * Checks that every warning that must alert is covered by a message about the same media server and ports. It may be about another
 * warning within the alert window: which of them alerts is decided when they arrive, and they may overtake each other.
 */
export function findAlertMistakes(
  received: readonly ReceivedAlert[],
  expected: readonly ExpectedAlert[],
  { alertWindowMinutes }: ModelSettings,
): string[] {
  const windowMs = Math.max(alertWindowMinutes * minuteMs, 1)
  const isCovered = ({ box_code, at, portSet }: ExpectedAlert) =>
    received.some((message) => {
      if (message.box_code !== box_code || message.received_at === undefined) return false
      const isSame = portSet === '' || describePorts(message.ports ?? []) === portSet
      return isSame && Math.abs(Date.parse(message.received_at) - at) < windowMs
    })
  const missing = expected.filter((alert) => !isCovered(alert))
  return describeMany(
    'alerts were not sent',
    missing.map(({ box_code, traceId }) => `${box_code} ${traceId}`),
  )
}
