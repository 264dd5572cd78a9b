import { runSimulation } from '@cloud-copilot/iam-simulate'
import { z } from 'zod'
import { managedPolicies } from './managed-policies.ts'

interface NamedPolicy {
  readonly name: string
  readonly policy: unknown
}

/** Who calls: a function in its role. */
export interface FunctionPrincipal {
  readonly roleName: string
  readonly functionName: string
  /** Construct path. */
  readonly path: string
}

export type Grant = { readonly action: string; readonly resource: string }

const texts = z.union([z.string(), z.array(z.string())])
const policySchema = z.object({
  Statement: z.array(z.object({ Effect: z.string(), Action: texts, Resource: texts })),
})

/** `reason` reads on after "is not authorized to perform … on resource … ". */
export type Decision = { readonly allowed: true } | { readonly allowed: false; readonly reason: string }

/** The policies of the template's roles and resources, and what IAM makes of them. */
export class AccessRules {
  readonly #accountId: string
  readonly #rolePolicies = new Map<string, NamedPolicy[]>()
  readonly #resourceStatements = new Map<string, unknown[]>()
  // A simulation takes a millisecond or more, and the policies do not change while the stack runs.
  readonly #decisions = new Map<string, Promise<Decision>>()

  constructor(accountId: string) {
    this.#accountId = accountId
  }

  addRolePolicy(roleName: string, policyName: string, policy: unknown): void {
    const policies = this.#rolePolicies.get(roleName) ?? []
    policies.push({ name: policyName, policy })
    this.#rolePolicies.set(roleName, policies)
  }

  /** @returns false where the managed policy is not one that the runner knows. */
  addManagedPolicy(roleName: string, arn: string): boolean {
    const policy = managedPolicies.get(arn)
    if (policy) this.addRolePolicy(roleName, arn, policy)
    return policy !== undefined
  }

  addResourceStatements(resourceArn: string, statements: readonly unknown[]): void {
    const existing = this.#resourceStatements.get(resourceArn) ?? []
    this.#resourceStatements.set(resourceArn, [...existing, ...statements])
  }

  decide(principal: FunctionPrincipal, action: string, resource: string): Promise<Decision> {
    const key = `${principal.functionName} ${action} ${resource}`
    const decision = this.#decisions.get(key) ?? this.#simulate(principal, action, resource)
    this.#decisions.set(key, decision)
    return decision
  }

  /** The ARN under which a function's calls are made. */
  principalArn({ roleName, functionName }: FunctionPrincipal): string {
    return `arn:aws:sts::${this.#accountId}:assumed-role/${roleName}/${functionName}`
  }

  /** What the policies of a role allow, action by action and resource by resource. */
  grants(roleName: string): Grant[] {
    return (this.#rolePolicies.get(roleName) ?? []).flatMap(({ policy }) =>
      policySchema
        .parse(policy)
        .Statement.filter(({ Effect }) => Effect === 'Allow')
        .flatMap(({ Action, Resource }) =>
          [Action].flat().flatMap((action) => [Resource].flat().map((resource) => ({ action, resource }))),
        ),
    )
  }

  hasPolicy(resourceArn: string): boolean {
    return this.#resourceStatements.has(resourceArn)
  }

  /** Whether the policy of a resource lets an AWS service act on it for that source; a grant in a role is no help. */
  async allowsService(service: string, sourceArn: string, action: string, resource: string): Promise<boolean> {
    const simulated = await runSimulation(
      {
        request: {
          principal: service,
          action,
          resource: { resource, accountId: this.#accountId },
          contextVariables: {
            'aws:SecureTransport': 'true',
            'aws:SourceArn': sourceArn,
            'aws:SourceAccount': this.#accountId,
          },
        },
        identityPolicies: [],
        serviceControlPolicies: [],
        resourceControlPolicies: [],
        resourcePolicy: { Version: '2012-10-17', Statement: this.#resourceStatements.get(resource) ?? [] },
      },
      {},
    )
    return simulated.resultType !== 'error' && simulated.overallResult === 'Allowed'
  }

  async #simulate(principal: FunctionPrincipal, action: string, resource: string): Promise<Decision> {
    const statements = this.#resourceStatements.get(resource)
    const simulated = await runSimulation(
      {
        request: {
          principal: this.principalArn(principal),
          action,
          resource: { resource, accountId: this.#accountId },
          // In an account every call of the SDK is made over TLS.
          contextVariables: { 'aws:SecureTransport': 'true' },
        },
        identityPolicies: this.#rolePolicies.get(principal.roleName) ?? [],
        serviceControlPolicies: [],
        resourceControlPolicies: [],
        ...(statements && { resourcePolicy: { Version: '2012-10-17', Statement: statements } }),
      },
      {},
    )
    if (simulated.resultType === 'error') {
      return { allowed: false, reason: `because IAM cannot read the request: ${JSON.stringify(simulated.errors)}` }
    }
    if (simulated.overallResult === 'Allowed') return { allowed: true }
    if (simulated.overallResult === 'ExplicitlyDenied') return { allowed: false, reason: 'with an explicit deny' }
    return { allowed: false, reason: `because no identity-based policy allows the ${action} action` }
  }
}
