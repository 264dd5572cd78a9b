import {
  type ApplyMeasurement,
  costPerMillion,
  type EventUsage,
  type ReceiveMeasurement,
  totalCost,
  usagePerEvent,
} from './cost.ts'

/** The usage of an event for each batch size, one line each. */
export function formatBatchSizes(receive: ReceiveMeasurement, measurements: readonly ApplyMeasurement[]): string {
  return measurements
    .map((apply) => {
      const usage = usagePerEvent(receive, apply)
      return [
        `in batches of ${apply.batchSize}:`,
        `${(apply.dynamodbRequests / apply.events).toFixed(2)} requests,`,
        `${usage.dynamodbWriteUnits.toFixed(2)} write units,`,
        `${usage.dynamodbReadUnits.toFixed(2)} read units an event,`,
        `${totalCost(costPerMillion(usage)).toFixed(2)} USD a million`,
      ].join(' ')
    })
    .join('\n')
}

/** The cost of a million events, one line for each price. */
export function formatCosts(
  receive: ReceiveMeasurement,
  apply: Readonly<Record<'ours' | 'peer', ApplyMeasurement>>,
): string {
  const ours = costPerMillion(usagePerEvent(receive, apply.ours))
  const peer = costPerMillion(usagePerEvent(receive, apply.peer))
  const formatLine = (name: string, oursUsd: number, peerUsd: number) =>
    `  ${name.padEnd(20)}${oursUsd.toFixed(3).padStart(8)}${peerUsd.toFixed(3).padStart(8)}`
  const names = Object.keys(ours) as (keyof EventUsage)[]
  return [
    'USD for a million events  ours    peer',
    ...names.map((name) => formatLine(name, ours[name], peer[name])),
    formatLine('total', totalCost(ours), totalCost(peer)),
  ].join('\n')
}
