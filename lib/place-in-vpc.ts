import * as iam from 'aws-cdk-lib/aws-iam'
import type * as lambda from 'aws-cdk-lib/aws-lambda'
import { acknowledge } from './acknowledge.ts'
import type { NodeFunction } from './node-function.ts'
import type { Settings } from './settings.ts'

/** Lambda uses the function's role to attach network interfaces in the VPC. */
const networkInterfaceActions = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
]

/**
 * Runs a function in the VPC of the settings, if they name one, so that it reaches a platform without a public address.
 * The VPC must also give access to AWS: a NAT gateway, or endpoints of SQS, DynamoDB, SNS and Secrets Manager.
 */
export function placeInVpc(
  placed: NodeFunction,
  { vpcId, subnetIds, securityGroupIds }: Pick<Settings, 'vpcId' | 'subnetIds' | 'securityGroupIds'>,
): void {
  if (vpcId === undefined) return
  const resource = placed.node.defaultChild as lambda.CfnFunction
  resource.vpcConfig = { subnetIds: [...subnetIds], securityGroupIds: [...securityGroupIds] }
  placed.addToRolePolicy(new iam.PolicyStatement({ actions: networkInterfaceActions, resources: ['*'] }))
  if (placed.role !== undefined)
    acknowledge(placed.role, {
      'AwsSolutions-IAM5[Resource::*]':
        'Lambda creates network interfaces, whose ARNs are not known in advance, and Describe actions cannot be restricted to resources.',
    })
}
