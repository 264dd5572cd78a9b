import { z } from 'zod'
import type { DeploymentTarget } from '../deployment-target.ts'
import { StartupError } from '../startup-error.ts'
import { holds } from './conditions.ts'
import { noValue, resolve, type Scope } from './intrinsics.ts'

const byName = <Value extends z.ZodType>(value: Value) => z.record(z.string(), value)

const templateSchema = z.object({
  Resources: byName(
    z.object({
      Type: z.string(),
      Condition: z.string().optional(),
      Properties: byName(z.unknown()).default({}),
      Metadata: byName(z.unknown()).default({}),
    }),
  ),
  Outputs: byName(z.object({ Value: z.unknown(), Condition: z.string().optional() })).default({}),
  Conditions: byName(z.unknown()).default({}),
  Parameters: byName(z.object({ Default: z.unknown().optional() })).default({}),
  Mappings: byName(byName(byName(z.unknown()))).default({}),
})
type Template = z.output<typeof templateSchema>

/** The names by which a template knows a resource once it exists: its `Ref` and its attributes. */
export interface Identity {
  readonly ref: string
  readonly attributes: Readonly<Record<string, string>>
}

/** A resource whose own name may be asked for, but whose other properties are not resolved yet. */
export interface UnresolvedResource {
  readonly logicalId: string
  /** A property that must be a text where it is given. */
  text(property: string): string | undefined
}

export interface Resource {
  readonly logicalId: string
  readonly type: string
  /** Construct path where the template has it, else the logical id: what people call the resource. */
  readonly path: string
  /** With every intrinsic function resolved. */
  readonly properties: Record<string, unknown>
  readonly identity: Identity
}

export interface Stack {
  of(type: string): readonly Resource[]
  readonly outputs: Readonly<Record<string, string>>
}

export type Identify = (resource: UnresolvedResource, target: DeploymentTarget) => Identity

/**
 * Reads a CloudFormation template as deployed at `target`.
 *
 * @param identities how each known resource type names itself; a type that is not among them is refused.
 * @throws StartupError naming the logical id and what is wrong.
 */
export function readStack(source: unknown, identities: ReadonlyMap<string, Identify>, target: DeploymentTarget): Stack {
  const template = parseTemplate(source)
  const scope = createScope(template, identities, target)
  const present = Object.entries(template.Resources).filter(
    ([, { Condition }]) => Condition === undefined || scope.condition(Condition),
  )
  const resources = present.map(([logicalId, { Type, Properties, Metadata }]): Resource => {
    return {
      logicalId,
      type: Type,
      path: pathOf(Metadata) ?? logicalId,
      identity: scope.identity(logicalId),
      properties: z.record(z.string(), z.unknown()).parse(resolve(Properties, scope)),
    }
  })
  const outputs = Object.entries(template.Outputs).filter(
    ([, { Condition }]) => Condition === undefined || scope.condition(Condition),
  )
  return {
    of: (type) => resources.filter((resource) => resource.type === type),
    outputs: Object.fromEntries(outputs.map(([name, { Value }]) => [name, String(resolve(Value, scope))])),
  }
}

function parseTemplate(source: unknown): Template {
  const parsed = templateSchema.safeParse(source)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new StartupError(`the template is not readable: ${issue?.path.join('.')}: ${issue?.message}`)
}

function pathOf(metadata: Record<string, unknown>): string | undefined {
  const path = metadata['aws:cdk:path']
  // "Resource" and "Default" are in no logical id either: they name nothing.
  return typeof path === 'string' ? path.replace(/\/Resource$|\/Default(?=\/)/g, '') : undefined
}

function createScope(
  template: Template,
  identities: ReadonlyMap<string, Identify>,
  target: DeploymentTarget,
): Scope & { identity(logicalId: string): Identity } {
  const pseudo = pseudoParameters(target)
  const known = new Map<string, Identity>()
  const scope = {
    identity(logicalId: string): Identity {
      const resource = template.Resources[logicalId]
      if (!resource) throw new StartupError(`the template refers to ${logicalId}, which it does not have`)
      const identify = identities.get(resource.Type)
      if (!identify) throw new StartupError(`${logicalId}: the local runner does not know ${resource.Type}`)
      const identity = known.get(logicalId) ?? identify({ logicalId, text: textOf(logicalId, resource, scope) }, target)
      known.set(logicalId, identity)
      return identity
    },
    ref(name: string): unknown {
      if (Object.hasOwn(pseudo, name)) return pseudo[name]
      const parameter = template.Parameters[name]
      if (!parameter) return scope.identity(name).ref
      if (parameter.Default === undefined) throw new StartupError(`the template's parameter ${name} has no default`)
      return parameter.Default
    },
    attribute(logicalId: string, name: string): unknown {
      const value = scope.identity(logicalId).attributes[name]
      if (value !== undefined) return value
      const type = template.Resources[logicalId]?.Type
      throw new StartupError(`${logicalId}: the local runner does not know attribute ${name} of ${type}`)
    },
    condition(name: string): boolean {
      const condition = template.Conditions[name]
      if (condition === undefined) throw new StartupError(`the template has no condition ${name}`)
      return holds(condition, scope)
    },
    mapping(map: string, top: string, second: string): unknown {
      const value = template.Mappings[map]?.[top]?.[second]
      if (value === undefined) throw new StartupError(`the template's mappings have no ${map}.${top}.${second}`)
      return value
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

function textOf(logicalId: string, resource: Template['Resources'][string], scope: Scope) {
  return (property: string): string | undefined => {
    const value = resolve(resource.Properties[property], scope)
    if (value === undefined || value === noValue) return undefined
    if (typeof value === 'string') return value
    throw new StartupError(`${logicalId} (${resource.Type}): ${property} must be a text`)
  }
}
