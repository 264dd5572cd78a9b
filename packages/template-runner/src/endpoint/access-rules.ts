import { runSimulation } from '@cloud-copilot/iam-simulate'
import { z } from 'zod'
import type { ConditionContext, RequiredPermission } from './aws-call.ts'
import { managedPolicies } from './managed-policies.ts'

interface NamedPolicy {
  readonly name: string
  readonly policy: unknown
  /** As JSON in lower case, because the names of condition keys are not case-sensitive. */
  readonly text: string
}

interface AccessRequest {
  readonly principal: string
  readonly action: string
  readonly resource: string
  readonly context: ConditionContext
}

/** A function that calls AWS with its execution role. */
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

/** `reason` completes the sentence "… is not authorized to perform … on resource …". */
export type Decision = { readonly allowed: true } | { readonly allowed: false; readonly reason: string }

/** Evaluates the policies of the template's roles and resources as IAM does. */
export class AccessRules {
  readonly #accountId: string
  readonly #rolePolicies = new Map<string, NamedPolicy[]>()
  readonly #resourceStatements = new Map<string, unknown[]>()
  // Cached because a simulation takes at least a millisecond and the policies do not change while the stack runs.
  readonly #decisions = new Map<string, Promise<Decision>>()

  constructor(accountId: string) {
    this.#accountId = accountId
  }

  addRolePolicy(roleName: string, policyName: string, policy: unknown): void {
    const policies = this.#rolePolicies.get(roleName) ?? []
    policies.push({ name: policyName, policy, text: JSON.stringify(policy).toLowerCase() })
    this.#rolePolicies.set(roleName, policies)
  }

  /** @returns false if the runner does not support the managed policy. */
  addManagedPolicy(roleName: string, arn: string): boolean {
    const policy = managedPolicies.get(arn)
    if (policy) this.addRolePolicy(roleName, arn, policy)
    return policy !== undefined
  }

  addResourceStatements(resourceArn: string, statements: readonly unknown[]): void {
    const existing = this.#resourceStatements.get(resourceArn) ?? []
    this.#resourceStatements.set(resourceArn, [...existing, ...statements])
  }

  decide(principal: FunctionPrincipal, { action, resource, context = {} }: RequiredPermission): Promise<Decision> {
    const decisive = this.#selectContext(principal.roleName, context)
    const key = `${principal.functionName} ${action} ${resource} ${JSON.stringify(decisive)}`
    const decision = this.#decisions.get(key) ?? this.#evaluate(principal, { action, resource, context: decisive })
    if (Object.keys(decisive).length === 0) this.#decisions.set(key, decision)
    return decision
  }

  /** Most policies have no conditions, so that their decisions do not depend on the context. */
  #selectContext(roleName: string, context: ConditionContext): ConditionContext {
    const policies = this.#rolePolicies.get(roleName) ?? []
    const isDecisive = ([name]: [string, unknown]) => policies.some(({ text }) => text.includes(name.toLowerCase()))
    return Object.fromEntries(Object.entries(context).filter(isDecisive))
  }

  /** Returns the assumed-role ARN of a function. */
  principalArn({ roleName, functionName }: FunctionPrincipal): string {
    return `arn:aws:sts::${this.#accountId}:assumed-role/${roleName}/${functionName}`
  }

  /** Lists each action and resource pair that the policies of a role allow. */
  listGrants(roleName: string): Grant[] {
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

  /** Whether the policy of a resource allows an AWS service to act on it on behalf of that source. */
  async allowsService(service: string, sourceArn: string, action: string, resource: string): Promise<boolean> {
    const simulated = await this.#simulate(
      {
        principal: service,
        action,
        resource,
        context: { 'aws:SourceArn': sourceArn, 'aws:SourceAccount': this.#accountId },
      },
      [],
      this.#resourceStatements.get(resource) ?? [],
    )
    return simulated.resultType !== 'error' && simulated.overallResult === 'Allowed'
  }

  async #evaluate(principal: FunctionPrincipal, request: Omit<AccessRequest, 'principal'>): Promise<Decision> {
    const { action, resource } = request
    const simulated = await this.#simulate(
      { principal: this.principalArn(principal), ...request },
      this.#rolePolicies.get(principal.roleName) ?? [],
      this.#resourceStatements.get(resource),
    )
    if (simulated.resultType === 'error') {
      return { allowed: false, reason: `because IAM cannot read the request: ${JSON.stringify(simulated.errors)}` }
    }
    if (simulated.overallResult === 'Allowed') return { allowed: true }
    if (simulated.overallResult === 'ExplicitlyDenied') return { allowed: false, reason: 'with an explicit deny' }
    return { allowed: false, reason: `because no identity-based policy allows the ${action} action` }
  }

  #simulate(
    { principal, action, resource, context }: AccessRequest,
    identityPolicies: NamedPolicy[],
    resourceStatements: readonly unknown[] | undefined,
  ) {
    return runSimulation(
      {
        request: {
          principal,
          action,
          resource: { resource, accountId: this.#accountId },
          // In an AWS account, the SDK makes every call over TLS.
          contextVariables: { 'aws:SecureTransport': 'true', ...context },
        },
        identityPolicies,
        serviceControlPolicies: [],
        resourceControlPolicies: [],
        ...(resourceStatements && { resourcePolicy: { Version: '2012-10-17', Statement: resourceStatements } }),
      },
      {},
    )
  }
}
