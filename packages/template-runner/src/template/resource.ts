import type { DeploymentTarget } from '../deployment-target.ts'

/** How a template refers to a deployed resource: its `Ref` and its attributes (`Fn::GetAtt`). */
export interface Identity {
  readonly ref: string
  readonly attributes: Readonly<Record<string, string>>
}

/** A resource whose properties are not resolved yet. */
export interface UnresolvedResource {
  readonly logicalId: string
  /** Resolves a single property. @throws StartupError if it is set but not a string. */
  text(property: string): string | undefined
}

/** Determines the identity of a resource, for which its physical name is enough. */
export type Identify = (resource: UnresolvedResource, target: DeploymentTarget) => Identity

export interface Resource {
  readonly logicalId: string
  readonly type: string
  /** The construct path if the template contains it, otherwise the logical id. */
  readonly path: string
  /** With every intrinsic function resolved. */
  readonly properties: Record<string, unknown>
  readonly identity: Identity
}
