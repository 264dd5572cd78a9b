import { Stack, Token } from 'aws-cdk-lib'
import type { Construct } from 'constructs'

/** Where it will be deployed. Of a stack that may go anywhere: the region of the profile with which it is synthesized. */
export function regionOf(scope: Construct): string | undefined {
  const { region } = Stack.of(scope)
  return Token.isUnresolved(region) ? process.env.CDK_DEFAULT_REGION : region
}

/** Whether a region belongs to the partition of mainland China, which lacks some of what AWS has elsewhere. */
export function isInMainlandChina(region: string | undefined): boolean {
  return region?.startsWith('cn-') ?? false
}
