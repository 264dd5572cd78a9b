import type { DeploymentTarget } from './deployment-target.ts'
import type { AccessRules, FunctionPrincipal } from './endpoint/access-rules.ts'
import type { FunctionPool } from './functions/function-pool.ts'
import type { LogChoice } from './functions/log-lines.ts'
import type { Distribution } from './gateway/distribution.ts'
import type { HttpApi } from './gateway/server.ts'
import type { Monitor } from './monitoring/monitor.ts'
import type { Poller } from './polling/poller.ts'
import type { Subscription } from './resources/subscriptions.ts'
import type { Schedule } from './schedules/schedule.ts'
import type { DynamoDb } from './services/dynamodb.ts'
import type { Messaging } from './services/messaging.ts'
import type { SecretsManager } from './services/secrets-manager.ts'
import type { Deliveries } from './sns/deliveries.ts'
import type { Identify, Resource, Stack } from './template/read-stack.ts'

/** The account that plays the stack: the services, and what the resources made of them. */
export interface EmulatedAccount {
  readonly target: DeploymentTarget
  readonly stack: Stack
  readonly dynamodb: DynamoDb
  readonly messaging: Messaging
  readonly secrets: SecretsManager
  readonly access: AccessRules
  /** By access key id. */
  readonly principals: Map<string, FunctionPrincipal>
  /** By name. */
  readonly functions: Map<string, FunctionPool>
  readonly monitor: Monitor
  readonly pollers: Poller[]
  readonly schedules: Schedule[]
  /** To people and functions that topics have. */
  readonly deliveries: Deliveries
  /** Of people; nothing is sent to them from this machine. */
  readonly subscriptions: Subscription[]
  /** The one that a template may have. */
  readonly distribution: Pick<Distribution, 'serve'>
  readonly settings: {
    readonly assetFolder: (objectKey: string) => string | undefined
    readonly logs: LogChoice
    readonly visibilityTimeoutSeconds: number | undefined
    readonly batchingWindowSeconds: number | undefined
    readonly scheduleSeconds: number | undefined
  }
  readonly log: (line: string) => void
  serve(api: HttpApi): void
  /** Runs when the stack stops. */
  onStop(action: () => void): void
}

/** A resource type that the runner knows. */
export interface ResourceKind {
  readonly type: string
  readonly identify: Identify
  /** Makes all resources of the type; left out where they need nothing on this machine. */
  readonly create?: (resources: readonly Resource[], account: EmulatedAccount) => void | Promise<void>
}
