import type { DeploymentTarget } from '../deployment-target.ts'
import { StartupError } from '../startup-error.ts'
import { evaluateCondition } from './conditions.ts'
import { noValue, resolve, type Scope } from './intrinsics.ts'
import type { Identify, Identity } from './resource.ts'
import type { Template } from './template-schema.ts'

export interface TemplateScope extends Scope {
  identity(logicalId: string): Identity
}

/** Creates the scope of a template. Its lookups throw a StartupError that names what is missing or unsupported. */
export function createScope(
  template: Template,
  identities: ReadonlyMap<string, Identify>,
  target: DeploymentTarget,
): TemplateScope {
  const pseudo = pseudoParameters(target)
  const known = new Map<string, Identity>()
  const scope: TemplateScope = {
    identity(logicalId) {
      const resource = template.Resources[logicalId]
      if (!resource) throw new StartupError(`the template refers to ${logicalId}, which it does not contain`)
      const identify = identities.get(resource.Type)
      if (!identify) throw new StartupError(`${logicalId}: the local runner does not support ${resource.Type}`)
      const text = (property: string) => resolveText(logicalId, resource, property, scope)
      const identity = known.get(logicalId) ?? identify({ logicalId, text }, target)
      known.set(logicalId, identity)
      return identity
    },
    ref(name) {
      if (Object.hasOwn(pseudo, name)) return pseudo[name]
      const parameter = template.Parameters[name]
      if (!parameter) return scope.identity(name).ref
      if (parameter.Default === undefined) throw new StartupError(`the template's parameter ${name} has no default`)
      return parameter.Default
    },
    attribute(logicalId, name) {
      const value = scope.identity(logicalId).attributes[name]
      if (value !== undefined) return value
      const type = template.Resources[logicalId]?.Type
      throw new StartupError(`${logicalId}: the local runner does not support attribute ${name} of ${type}`)
    },
    condition(name) {
      const condition = template.Conditions[name]
      if (condition === undefined) throw new StartupError(`the template has no condition ${name}`)
      return evaluateCondition(condition, scope)
    },
    mapping(map, topLevelKey, secondLevelKey) {
      const value = template.Mappings[map]?.[topLevelKey]?.[secondLevelKey]
      if (value !== undefined) return value
      throw new StartupError(`the template's mappings have no ${map}.${topLevelKey}.${secondLevelKey}`)
    },
  }
  return scope
}

function pseudoParameters({ accountId, region, stackName }: DeploymentTarget): Readonly<Record<string, unknown>> {
  return {
    'AWS::AccountId': accountId,
    'AWS::NoValue': noValue,
    'AWS::NotificationARNs': [],
    'AWS::Partition': 'aws',
    'AWS::Region': region,
    'AWS::StackId': `arn:aws:cloudformation:${region}:${accountId}:stack/${stackName}/local`,
    'AWS::StackName': stackName,
    'AWS::URLSuffix': 'amazonaws.com',
  }
}

function resolveText(
  logicalId: string,
  { Type, Properties }: Template['Resources'][string],
  property: string,
  scope: Scope,
): string | undefined {
  const value = resolve(Properties[property], scope)
  if (value === undefined || value === noValue) return undefined
  if (typeof value === 'string') return value
  throw new StartupError(`${logicalId} (${Type}): ${property} must be a string`)
}
