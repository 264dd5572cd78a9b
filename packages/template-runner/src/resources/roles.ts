import { z } from 'zod'
import type { ResourceKind } from '../account.ts'
import { StartupError } from '../startup-error.ts'
import { physicalName, readProperties, unused } from './properties.ts'

const roleSchema = z.strictObject({
  AssumeRolePolicyDocument: unused,
  Description: unused,
  RoleName: unused,
  Path: unused,
  Tags: unused,
  MaxSessionDuration: unused,
  ManagedPolicyArns: z.array(z.string()).default([]),
  Policies: z.array(z.strictObject({ PolicyName: z.string(), PolicyDocument: z.unknown() })).default([]),
})

export const role: ResourceKind = {
  type: 'AWS::IAM::Role',
  identify({ logicalId, text }, { stackName, accountId }) {
    const name = text('RoleName') ?? physicalName(stackName, logicalId, 64)
    const path = text('Path') ?? '/'
    return { ref: name, attributes: { Arn: `arn:aws:iam::${accountId}:role${path}${name}`, RoleId: logicalId } }
  },
  create(resources, { access }) {
    for (const resource of resources) {
      const { Policies, ManagedPolicyArns } = readProperties(roleSchema, resource)
      for (const { PolicyName, PolicyDocument } of Policies) {
        access.addRolePolicy(resource.identity.ref, PolicyName, PolicyDocument)
      }
      for (const arn of ManagedPolicyArns) {
        if (access.addManagedPolicy(resource.identity.ref, arn)) continue
        throw new StartupError(`${resource.logicalId}: the local runner does not know the managed policy ${arn}`)
      }
    }
  },
}

const policySchema = z.strictObject({
  PolicyName: z.string(),
  PolicyDocument: z.unknown(),
  Roles: z.array(z.string()),
})

export const policy: ResourceKind = {
  type: 'AWS::IAM::Policy',
  identify: ({ logicalId }) => ({ ref: logicalId, attributes: { Id: logicalId } }),
  create(resources, { access }) {
    for (const resource of resources) {
      const { PolicyName, PolicyDocument, Roles } = readProperties(policySchema, resource)
      for (const name of Roles) access.addRolePolicy(name, PolicyName, PolicyDocument)
    }
  },
}
