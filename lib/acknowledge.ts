import { Validations } from 'aws-cdk-lib'
import type { IConstruct } from 'constructs'

/**
 * Accepts findings of the template checks on a construct and what is in it, each with the reason.
 *
 * @param reasons by rule of cdk-nag, e.g. `AwsSolutions-SMG4`; of a rule that has several findings, each by its own id.
 */
export function acknowledge(construct: IConstruct, reasons: Readonly<Record<string, string>>): void {
  for (const [rule, reason] of Object.entries(reasons))
    Validations.of(construct).acknowledge({ id: `${rule.split('-', 1)[0]}::${rule}`, reason })
}
