import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { Northbound } from './northbound.ts'
import type { Settings } from './settings.ts'

export interface NorthboundStackProps extends StackProps {
  readonly settings: Settings
}

/** The stack that `cdk deploy` deploys: one installation and the outputs of docs/contract.md, section 2. */
export class NorthboundStack extends Stack {
  constructor(scope: Construct, id: string, { settings, ...props }: NorthboundStackProps) {
    super(scope, id, {
      description: 'Receives the northbound callbacks of a 3TEE AVD installation',
      // Operators switch it off to delete the stack, and also if its first deployment failed (docs/decisions/0039).
      terminationProtection: true,
      ...props,
    })
    // The id "Default" adds nothing to logical ids: stacks that predate the construct keep their resources.
    const northbound = new Northbound(this, 'Default', settings)
    const outputs: Readonly<Record<string, string | undefined>> = {
      CallbackUrl: northbound.callbackUrl,
      LegacyCallbackUrl: northbound.legacyCallbackUrl,
      ApiUrl: northbound.apiUrl,
      ConsoleUrl: northbound.consoleUrl,
      DomainTarget: northbound.domainTarget,
      EventLogTableName: northbound.eventLog.tableName,
      StateTableName: northbound.state.tableName,
      EventQueueUrl: northbound.eventQueue.queueUrl,
      DeadLetterQueueUrl: northbound.deadLetterQueue.queueUrl,
      RebuildFunctionName: northbound.rebuildFunction.functionName,
      AlertTopicArn: northbound.alertTopic.topicArn,
      RoomEventTopicArn: northbound.roomEventTopic.topicArn,
      CheckCodeSecretArn: northbound.checkCodeSecret.secretArn,
      ApiTokenSecretArn: northbound.apiTokenSecret.secretArn,
      AvdSecretArn: northbound.avdSecret.secretArn,
      ChatSecretArn: northbound.chatSecret?.secretArn,
      ChatFunctionName: northbound.chatFunction?.functionName,
    }
    for (const [name, value] of Object.entries(outputs)) if (value !== undefined) new CfnOutput(this, name, { value })
  }
}
