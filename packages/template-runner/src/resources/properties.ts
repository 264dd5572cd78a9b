import { z } from 'zod'
import { StartupError } from '../startup-error.ts'
import type { Resource } from '../template/read-stack.ts'

/** A property that is known, but needs nothing on this machine beyond, at most, a name. */
export const unused = z.unknown().optional()

/**
 * The properties of a resource, checked.
 *
 * @throws StartupError naming the resource and the property: one that the runner does not know could change
 * what the stack does, so it is not passed over.
 */
export function readProperties<Schema extends z.ZodType>(schema: Schema, resource: Resource): z.output<Schema> {
  const parsed = schema.safeParse(resource.properties)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const where = issue?.path.length ? `${issue.path.join('.')}: ` : ''
  throw new StartupError(`${resource.logicalId} (${resource.type}): ${where}${issue?.message}`)
}

/** A physical name as CloudFormation would make it, but the same at every start. */
export function physicalName(stackName: string, logicalId: string, longest: number): string {
  const name = `${stackName}-${logicalId}`
  if (name.length <= longest) return name
  // The end of a logical id is what tells it from others.
  return `${name.slice(0, longest - 24)}${name.slice(-24)}`
}
