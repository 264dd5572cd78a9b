import * as iam from 'aws-cdk-lib/aws-iam'
import type * as lambda from 'aws-cdk-lib/aws-lambda'
import { acknowledge } from './acknowledge.ts'
import type { NodeFunction } from './node-function.ts'
import type { Settings } from './settings.ts'

/** What Lambda itself does in the name of a function in a VPC: it puts network interfaces there. */
const ofLambda = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
]

/**
 * Puts a function into the network of the context, if that names one, so that it reaches a platform without a public
 * address. From there it needs a way to AWS as well: a NAT gateway, or endpoints of SQS, DynamoDB, SNS and Secrets Manager.
 */
export function placeInVpc(
  placed: NodeFunction,
  { vpcId, subnetIds, securityGroupIds }: Pick<Settings, 'vpcId' | 'subnetIds' | 'securityGroupIds'>,
): void {
  if (vpcId === undefined) return
  const resource = placed.node.defaultChild as lambda.CfnFunction
  resource.vpcConfig = { subnetIds: [...subnetIds], securityGroupIds: [...securityGroupIds] }
  placed.addToRolePolicy(new iam.PolicyStatement({ actions: ofLambda, resources: ['*'] }))
  if (placed.role !== undefined)
    acknowledge(placed.role, {
      'AwsSolutions-IAM5[Resource::*]':
        'Lambda makes network interfaces that have no name yet, and what it describes cannot be narrowed.',
    })
}
