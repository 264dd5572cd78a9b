import { Aws } from 'aws-cdk-lib'
import * as iam from 'aws-cdk-lib/aws-iam'
import type * as lambda from 'aws-cdk-lib/aws-lambda'
import type { Construct } from 'constructs'

/**
 * Creates the role with which EventBridge Scheduler invokes a function. The default role of the target could also invoke every
 * version and alias of the function.
 */
export function createSchedulerRole(scope: Construct, invoked: lambda.IFunction, description: string): iam.IRole {
  const role = new iam.Role(scope, 'SchedulerRole', {
    assumedBy: new iam.ServicePrincipal('scheduler.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    }),
    description,
  })
  role.addToPolicy(new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [invoked.functionArn] }))
  return role.withoutPolicyUpdates()
}
