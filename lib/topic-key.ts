import { Aws, RemovalPolicy } from 'aws-cdk-lib'
import * as iam from 'aws-cdk-lib/aws-iam'
import * as kms from 'aws-cdk-lib/aws-kms'
import { Construct } from 'constructs'
import type { NodeFunction } from './node-function.ts'

/**
 * Encrypts what the topics hold. One key of our own for both: with the key that AWS manages, CloudWatch could not publish
 * its alarms.
 */
export class TopicKey extends Construct {
  readonly key: kms.Key

  constructor(scope: Construct, id: string) {
    super(scope, id)
    this.key = new kms.Key(this, 'Key', {
      description: 'Encrypts the topics of alerts and room events',
      enableKeyRotation: true,
      // A topic keeps nothing: without it, nothing is lost but what is on its way.
      removalPolicy: RemovalPolicy.DESTROY,
    })
    this.key.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'AlarmsOfThisAccount',
        principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: TopicKey.actions,
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    )
  }

  /** What SNS does with the key, in the name of who publishes. */
  private static readonly actions = ['kms:GenerateDataKey', 'kms:Decrypt']

  allowPublish(publisher: NodeFunction): void {
    publisher.allow(TopicKey.actions, this.key.keyArn)
  }
}
