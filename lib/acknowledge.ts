import { Validations } from 'aws-cdk-lib'
import type { IConstruct } from 'constructs'

/**
 * Accepts findings of the template checks on a construct and its children.
 *
 * @param reasons by cdk-nag rule, e.g. `AwsSolutions-SMG4`; if a rule has several findings, by finding id.
 */
export function acknowledge(construct: IConstruct, reasons: Readonly<Record<string, string>>): void {
  for (const [rule, reason] of Object.entries(reasons))
    Validations.of(construct).acknowledge({ id: `${rule.split('-', 1)[0]}::${rule}`, reason })
}
