import { z } from 'zod'
import type { DeploymentTarget } from '../deployment-target.ts'
import { resolve } from './intrinsics.ts'
import type { Identify, Resource } from './resource.ts'
import { parseTemplate } from './template-schema.ts'
import { createScope, type TemplateScope } from './template-scope.ts'

export interface Stack {
  readonly all: readonly Resource[]
  /** Returns the resources of a type. */
  of(type: string): readonly Resource[]
  readonly outputs: Readonly<Record<string, string>>
}

/**
 * Resolves a CloudFormation template for a deployment target.
 *
 * @param identities the supported resource types; any other type is rejected.
 * @throws StartupError naming the logical id and the problem.
 */
export function readStack(source: unknown, identities: ReadonlyMap<string, Identify>, target: DeploymentTarget): Stack {
  const template = parseTemplate(source)
  const scope = createScope(template, identities, target)
  const resources = entriesThatApply(template.Resources, scope).map(
    ([logicalId, { Type, Properties, Metadata }]): Resource => ({
      logicalId,
      type: Type,
      path: constructPath(Metadata) ?? logicalId,
      identity: scope.identity(logicalId),
      properties: z.record(z.string(), z.unknown()).parse(resolve(Properties, scope)),
    }),
  )
  const outputs = entriesThatApply(template.Outputs, scope).map(([name, { Value }]) => [
    name,
    String(resolve(Value, scope)),
  ])
  return {
    all: resources,
    of: (type) => resources.filter((resource) => resource.type === type),
    outputs: Object.fromEntries(outputs),
  }
}

/** Drops the entries whose condition is false. */
function entriesThatApply<Entry extends { readonly Condition?: string | undefined }>(
  entries: Readonly<Record<string, Entry>>,
  scope: TemplateScope,
): [string, Entry][] {
  return Object.entries(entries).filter(([, { Condition }]) => Condition === undefined || scope.condition(Condition))
}

function constructPath(metadata: Record<string, unknown>): string | undefined {
  const path = metadata['aws:cdk:path']
  // CDK also omits "Resource" and "Default" from logical ids.
  return typeof path === 'string' ? path.replace(/\/Resource$|\/Default(?=\/)/g, '') : undefined
}
