import type { ResourceKind } from '../account.ts'
import { alarm } from './alarms.ts'
import { dashboard } from './dashboards.ts'
import { distribution, originRequestPolicy } from './distributions.ts'
import { eventInvokeConfig } from './event-invoke-configs.ts'
import { eventRule } from './event-rules.ts'
import { eventSourceMapping } from './event-source-mappings.ts'
import { alias, version } from './function-versions.ts'
import { lambdaFunction } from './functions.ts'
import { httpApi } from './http-api.ts'
import { integration, route } from './http-api-routes.ts'
import { stage } from './http-api-stage.ts'
import { key } from './keys.ts'
import { passiveKinds } from './passive-kinds.ts'
import { permission } from './permissions.ts'
import { queue, queuePolicy } from './queues.ts'
import { policy, role } from './roles.ts'
import { schedule } from './schedules.ts'
import { secret } from './secrets.ts'
import { subscription } from './subscriptions.ts'
import { table } from './tables.ts'
import { topic, topicPolicy } from './topics.ts'

/** Every resource type that the runner knows, in the order of creation. */
export const resourceKinds: readonly ResourceKind[] = [
  ...passiveKinds,
  role,
  policy,
  table,
  queue,
  queuePolicy,
  key,
  topic,
  topicPolicy,
  secret,
  lambdaFunction,
  version,
  alias,
  permission,
  subscription,
  integration,
  route,
  httpApi,
  stage,
  originRequestPolicy,
  distribution,
  eventSourceMapping,
  eventInvokeConfig,
  eventRule,
  schedule,
  alarm,
  dashboard,
]
