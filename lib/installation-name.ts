import { Stack } from 'aws-cdk-lib'
import type { Construct } from 'constructs'

/**
 * By what the alarms and metrics of one receiver are told from those of others in the account: the name of its stack,
 * and where it stands in a stack that holds other things too.
 *
 * @param part of the receiver, made by `Northbound` itself.
 */
export function installationName(part: Construct): string {
  const stack = Stack.of(part)
  const { scopes } = part.node
  const within = scopes.slice(scopes.indexOf(stack) + 1, -1).map(({ node }) => node.id)
  // Not every name that is made of it may have every character.
  const words = within.filter((id) => id !== 'Default').map((id) => id.replace(/[^A-Za-z0-9-]/g, '-'))
  return [stack.stackName, ...words].join('-')
}
