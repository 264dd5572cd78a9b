import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib'
import * as iam from 'aws-cdk-lib/aws-iam'
import * as kms from 'aws-cdk-lib/aws-kms'
import { Construct } from 'constructs'
import type { NodeFunction } from './node-function.ts'

/** The KMS key of both topics. It is customer-managed: CloudWatch alarms cannot publish with the AWS-managed key of SNS. */
export class TopicKey extends Construct {
  /** The actions that SNS performs on behalf of the publisher. */
  private static readonly publishActions = ['kms:GenerateDataKey', 'kms:Decrypt']

  readonly key: kms.Key

  constructor(scope: Construct, id: string) {
    super(scope, id)
    this.key = new kms.Key(this, 'Key', {
      description: 'Encrypts the alert topic and the room event topic',
      enableKeyRotation: true,
      // The longest period. Each of the first two rotations adds 1 USD a month, and nothing stays encrypted with old material.
      rotationPeriod: Duration.days(2560),
      // Topics store nothing: without the key, only messages in flight are lost.
      removalPolicy: RemovalPolicy.DESTROY,
    })
    this.key.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'AlarmsOfThisAccount',
        principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: TopicKey.publishActions,
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    )
  }

  allowPublish(publisher: NodeFunction): void {
    publisher.allow(TopicKey.publishActions, this.key.keyArn)
  }
}
