import { z } from 'zod'
import type { ResourceKind } from '../account.ts'
import { readProperties, unused } from './properties.ts'

const keySchema = z.strictObject({
  KeyPolicy: z.object({ Statement: z.array(z.unknown()) }).loose(),
  Description: unused,
  Enabled: unused,
  EnableKeyRotation: unused,
  PendingWindowInDays: unused,
  RotationPeriodInDays: unused,
  Tags: unused,
})

/** Data is not encrypted locally, but calls that use a key require its permissions. */
export const key: ResourceKind = {
  type: 'AWS::KMS::Key',
  identify({ logicalId }, { stackName, region, accountId }) {
    const id = `${stackName}-${logicalId}`
    return { ref: id, attributes: { KeyId: id, Arn: `arn:aws:kms:${region}:${accountId}:key/${id}` } }
  },
  create(resources, { access }) {
    for (const resource of resources) {
      const { KeyPolicy } = readProperties(keySchema, resource)
      // All resources in a key policy stand for the key itself.
      access.addResourceStatements(resource.identity.attributes.Arn ?? '', KeyPolicy.Statement)
    }
  },
}
