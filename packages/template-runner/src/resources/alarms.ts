import type { EmulatedAccount, ResourceKind } from '../account.ts'
import type { AlarmDefinition } from '../monitoring/alarm.ts'
import { StartupError } from '../startup-error.ts'
import type { Resource } from '../template/resource.ts'
import { type AlarmProperties, alarmSchema } from './alarm-schema.ts'
import { readTerms } from './alarm-terms.ts'
import { readProperties } from './properties.ts'

export const alarm: ResourceKind = {
  type: 'AWS::CloudWatch::Alarm',
  identify({ logicalId, text }, { stackName, region, accountId }) {
    const name = text('AlarmName') ?? `${stackName}-${logicalId}`
    return { ref: name, attributes: { Arn: `arn:aws:cloudwatch:${region}:${accountId}:alarm:${name}` } }
  },
  async create(resources, account) {
    for (const resource of resources) account.monitor.add(await readAlarm(resource, account))
  },
}

async function readAlarm(resource: Resource, account: EmulatedAccount): Promise<AlarmDefinition> {
  const { logicalId, identity } = resource
  const properties = readProperties(alarmSchema, resource)
  const terms = readTerms(logicalId, properties)
  const [first] = terms
  if (!first) throw new StartupError(`${logicalId}: the alarm watches nothing`)
  const arn = identity.attributes.Arn ?? ''
  const actions = readActions(properties)
  for (const topicArn of new Set(Object.values(actions).flat())) await checkAction(logicalId, arn, topicArn, account)
  return {
    name: identity.ref,
    arn,
    description: properties.AlarmDescription,
    rule: {
      comparison: properties.ComparisonOperator,
      threshold: properties.Threshold,
      evaluationPeriods: properties.EvaluationPeriods,
      datapointsToAlarm: properties.DatapointsToAlarm ?? properties.EvaluationPeriods,
      missingData: properties.TreatMissingData,
    },
    terms,
    periodSeconds: first.query.periodSeconds,
    actions,
    actionsEnabled: properties.ActionsEnabled,
  }
}

function readActions(properties: AlarmProperties): AlarmDefinition['actions'] {
  return {
    ALARM: properties.AlarmActions,
    OK: properties.OKActions,
    INSUFFICIENT_DATA: properties.InsufficientDataActions,
  }
}

/** A topic that has a policy accepts from CloudWatch only what the policy allows. */
async function checkAction(logicalId: string, alarmArn: string, topicArn: string, account: EmulatedAccount) {
  if (!account.stack.of('AWS::SNS::Topic').some(({ identity }) => identity.ref === topicArn)) {
    throw new StartupError(`${logicalId}: there is no topic ${topicArn}`)
  }
  if (!account.access.hasPolicy(topicArn)) return
  if (await account.access.allowsService('cloudwatch.amazonaws.com', alarmArn, 'sns:Publish', topicArn)) return
  throw new StartupError(`${logicalId}: no policy of ${topicArn} lets cloudwatch.amazonaws.com publish for ${alarmArn}`)
}
