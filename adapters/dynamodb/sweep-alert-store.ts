import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb'
import { noSweepAlerts, type SweepAlertState } from '../../core/notifications/sweep-alerts.ts'
import type { SweepAlertStore } from '../../core/ports/sweep-alert-store.ts'
import { requestOptions } from '../request-options.ts'
import { readItems } from './batch-get.ts'
import { type ItemKey, keyText } from './keys.ts'
import { type SweepStatus, sweepGroup, sweepStatusKey } from './sweep-status.ts'

const sweepAlertsKey = { group: sweepGroup, item: 'alerts' }

/** Stores which alerts are open in an item of its own, which is written only when that changes. */
export function dynamodbSweepAlertStore(client: DynamoDBDocumentClient, stateTable: string): SweepAlertStore {
  return {
    async read(signal) {
      const items = await readItems(client, stateTable, [sweepAlertsKey], { consistent: true, signal })
      return toSweepAlertState(items.get(keyText(sweepAlertsKey)))
    },
    async write({ open, silence }, signal) {
      const Item = { ...sweepAlertsKey, open, ...(silence && { silence }) }
      await client.send(new PutCommand({ TableName: stateTable, Item }), requestOptions(signal))
    },
  }
}

/** The keys of the items with the result of the last sweep and the open alerts. */
export const sweepKeys = [sweepStatusKey, sweepAlertsKey]

/** @param items by `keyText`, those that exist. */
export function toSweeps(items: ReadonlyMap<string, ItemKey>): {
  readonly status: SweepStatus
  readonly alerts: SweepAlertState
} {
  return {
    status: { failures: 0, ...items.get(keyText(sweepStatusKey)) },
    alerts: toSweepAlertState(items.get(keyText(sweepAlertsKey))),
  }
}

function toSweepAlertState(item: object | undefined): SweepAlertState {
  const { open, silence } = { ...noSweepAlerts, ...item }
  return { open, silence }
}
