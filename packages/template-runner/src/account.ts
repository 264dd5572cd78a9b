import type { DeploymentTarget } from './deployment-target.ts'
import type { AccessRules, FunctionPrincipal } from './endpoint/access-rules.ts'
import type { EventBus } from './events/event-bus.ts'
import type { FunctionPool } from './functions/function-pool.ts'
import type { LogFilter } from './functions/log-filter.ts'
import type { Distribution } from './gateway/distribution.ts'
import type { HttpApi } from './gateway/http-api.ts'
import type { Monitor } from './monitoring/monitor.ts'
import type { DeliveryFaults } from './polling/delivery-faults.ts'
import type { Poller } from './polling/poller.ts'
import type { Schedule } from './schedules/schedule.ts'
import type { DynamoDb } from './services/dynamodb.ts'
import type { Messaging } from './services/messaging.ts'
import type { SecretsManager } from './services/secrets-manager.ts'
import type { Deliveries } from './sns/deliveries.ts'
import type { SnsSubscription } from './sns/sns-subscription.ts'
import type { Stack } from './template/read-stack.ts'
import type { Identify, Resource } from './template/resource.ts'

/** An AWS account emulated on this machine: its services, and what the stack's resources have created in them. */
export interface EmulatedAccount {
  readonly target: DeploymentTarget
  readonly stack: Stack
  readonly dynamodb: DynamoDb
  readonly messaging: Messaging
  readonly secrets: SecretsManager
  readonly access: AccessRules
  /** Keyed by access key id. */
  readonly principals: Map<string, FunctionPrincipal>
  /** Keyed by physical name. */
  readonly functions: Map<string, FunctionPool>
  readonly monitor: Monitor
  /** The default event bus. */
  readonly events: EventBus
  readonly pollers: Poller[]
  readonly deliveryFaults: DeliveryFaults
  readonly schedules: Schedule[]
  /** Delivers topic messages to functions, e-mail addresses and phone numbers. */
  readonly deliveries: Deliveries
  /** Subscribed e-mail addresses and phone numbers; nothing is sent to them from this machine. */
  readonly subscriptions: SnsSubscription[]
  /** A template may contain one distribution. */
  readonly distribution: Pick<Distribution, 'serve'>
  readonly settings: DeploymentSettings
  readonly log: (line: string) => void
  /** Serves the template's HTTP API. */
  serve(api: HttpApi): void
  /** Registers an action for when the stack stops. */
  onStop(action: () => void): void
}

export interface DeploymentSettings {
  /** Returns the folder of a file asset, given its object key. */
  readonly assetFolder: (objectKey: string) => string | undefined
  readonly logs: LogFilter
  readonly visibilityTimeoutSeconds: number | undefined
  readonly batchingWindowSeconds: number | undefined
  readonly scheduleSeconds: Readonly<Record<string, number>>
}

/** A resource type that the runner supports. */
export interface ResourceKind {
  readonly type: string
  readonly identify: Identify
  /** Creates all resources of the type. Omitted if they need nothing on this machine. */
  readonly create?: (resources: readonly Resource[], account: EmulatedAccount) => void | Promise<void>
}
