import { z } from 'zod'
import { StartupError } from '../startup-error.ts'
import type { Resource } from '../template/resource.ts'

/** A known property that needs no emulation. `identify` may still use it. */
export const unused = z.unknown().optional()

/**
 * Validates the properties of a resource.
 *
 * @throws StartupError naming the resource and the property. Unknown properties are errors too, because ignoring them
 * could change what the stack does.
 */
export function readProperties<Schema extends z.ZodType>(schema: Schema, resource: Resource): z.output<Schema> {
  const parsed = schema.safeParse(resource.properties)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const propertyPath = issue?.path.length ? `${issue.path.join('.')}: ` : ''
  throw new StartupError(`${resource.logicalId} (${resource.type}): ${propertyPath}${issue?.message}`)
}

const suffixLength = 24

/** Builds a physical name like CloudFormation, but without the random suffix. */
export function physicalName(stackName: string, logicalId: string, maxLength: number): string {
  const name = `${stackName}-${logicalId}`
  if (name.length <= maxLength) return name
  // Long logical ids differ in their suffix, a hash.
  return `${name.slice(0, maxLength - suffixLength)}${name.slice(-suffixLength)}`
}
