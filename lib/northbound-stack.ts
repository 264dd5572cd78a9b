import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { release } from '../names/release.ts'
import { Northbound } from './northbound.ts'
import type { Settings } from './settings.ts'

export interface NorthboundStackProps extends StackProps {
  readonly settings: Settings
}

/** The stack that `cdk deploy` deploys: one installation and the outputs of docs/contract.md, section 2. */
export class NorthboundStack extends Stack {
  constructor(scope: Construct, id: string, { settings, ...props }: NorthboundStackProps) {
    super(scope, id, {
      description: `Receives the northbound callbacks of a 3TEE AVD installation (Northbound ${release})`,
      // Operators switch it off to delete the stack, and also if its first deployment failed (docs/decisions/0039).
      terminationProtection: true,
      ...props,
    })
    // The id "Default" adds nothing to logical ids: stacks that predate the construct keep their resources.
    const northbound = new Northbound(this, 'Default', settings)
    for (const [name, value, description] of outputsOf(northbound))
      if (value !== undefined) new CfnOutput(this, name, { value, description })
  }
}

type Output = readonly [name: string, value: string | undefined, description: string]

/**
 * The outputs, with what each is for. CloudFormation returns characters outside ASCII as question marks
 * (github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/814), so there are no Chinese descriptions.
 */
function outputsOf(northbound: Northbound): readonly Output[] {
  return [
    ['CallbackUrl', northbound.callbackUrl, 'Enter this address on the back-office pages of media_server and master'],
    [
      'LegacyCallbackUrl',
      northbound.legacyCallbackUrl,
      'The callback address for releases that support plain HTTP only',
    ],
    ['ApiUrl', northbound.apiUrl, 'Base address of the query API'],
    ['ConsoleUrl', northbound.consoleUrl, 'The console; sign in with the token in the secret of ApiTokenSecretArn'],
    ['DomainTarget', northbound.domainTarget, 'Point the CNAME record of domainName at this host'],
    ['EventLogTableName', northbound.eventLog.tableName, 'The table of all events'],
    ['StateTableName', northbound.state.tableName, 'The table of the state'],
    ['EventQueueUrl', northbound.eventQueue.queueUrl, 'Events that wait to be applied'],
    ['DeadLetterQueueUrl', northbound.deadLetterQueue.queueUrl, 'Events that failed for a day'],
    ['RebuildFunctionName', northbound.rebuildFunction.functionName, 'Compares the state with the event log'],
    ['AlertTopicArn', northbound.alertTopic.topicArn, 'Alerts for people and programs'],
    ['RoomEventTopicArn', northbound.roomEventTopic.topicArn, 'Room events for programs'],
    [
      'CheckCodeSecretArn',
      northbound.checkCodeSecret.secretArn,
      'Enter the value "current" of this secret on both back-office pages as the check code key',
    ],
    [
      'ApiTokenSecretArn',
      northbound.apiTokenSecret.secretArn,
      'Its value "token" is the token of the console and the API',
    ],
    ['AvdSecretArn', northbound.avdSecret.secretArn, "Fill in the access to the platform's API to reconcile with it"],
    ['ChatSecretArn', northbound.chatSecret?.secretArn, 'Fill in the URLs of the group robots'],
    ['ChatFunctionName', northbound.chatFunction?.functionName, 'Sends alerts to the group robots'],
  ]
}
