import { Stack, Token } from 'aws-cdk-lib'
import type { Construct } from 'constructs'

/** The region of the deployment. For an environment-agnostic stack, the region of the profile used for the synthesis. */
export function regionOf(scope: Construct): string | undefined {
  const { region } = Stack.of(scope)
  return Token.isUnresolved(region) ? process.env.CDK_DEFAULT_REGION : region
}

/** The partition `aws-cn` lacks some services and features of AWS. */
export function isInMainlandChina(region: string | undefined): boolean {
  return region?.startsWith('cn-') ?? false
}
