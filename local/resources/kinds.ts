import type { ResourceKind } from '../account.ts'
import { eventSourceMapping } from './event-source-mappings.ts'
import { lambdaFunction } from './functions.ts'
import { httpApi, integration, permission, route, stage } from './http-api.ts'
import { nothingNeeded } from './nothing-needed.ts'
import { queue, queuePolicy } from './queues.ts'
import { policy, role } from './roles.ts'
import { secret } from './secrets.ts'
import { table } from './tables.ts'

/** Every resource type that the runner knows, in the order in which they are made. */
export const resourceKinds: readonly ResourceKind[] = [
  ...nothingNeeded,
  role,
  policy,
  table,
  queue,
  queuePolicy,
  secret,
  lambdaFunction,
  permission,
  integration,
  route,
  httpApi,
  stage,
  eventSourceMapping,
]
