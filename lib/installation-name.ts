import { Stack } from 'aws-cdk-lib'
import type { Construct } from 'constructs'

/**
 * The name that keeps alarms and metrics of several installations in one account apart: the stack's name, followed by the
 * path of the `Northbound` construct within the stack unless its id is `Default`.
 *
 * @param part a direct child of `Northbound`.
 */
export function installationName(part: Construct): string {
  const stack = Stack.of(part)
  const { scopes } = part.node
  const within = scopes.slice(scopes.indexOf(stack) + 1, -1).map(({ node }) => node.id)
  // Names of AWS resources allow fewer characters than construct ids.
  const words = within.filter((id) => id !== 'Default').map((id) => id.replace(/[^A-Za-z0-9-]/g, '-'))
  return [stack.stackName, ...words].join('-')
}
