import { z } from 'zod'
import { readSettings, type Settings } from './settings.ts'
import { settingsSchema } from './settings-schema.ts'

const stackNameKey = 'name'

const stackName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9-]{0,63}$/, 'must be a CloudFormation stack name: letters, digits, hyphens')
  .default('Northbound')

/** The keys of the CDK context (docs/contract.md, section 2): the stack name and the settings. */
export const contextKeys = [stackNameKey, ...Object.keys(settingsSchema.shape)]

/**
 * Reads the stack name and the settings from the CDK context.
 *
 * @throws Error naming the key and the reason for each invalid value.
 */
export function readContext(
  lookUp: (key: string) => unknown,
  region?: string,
): { readonly name: string; readonly settings: Settings } {
  const given = Object.fromEntries(
    contextKeys.map((key) => [key, lookUp(key)]).filter(([, value]) => value !== undefined && value !== null),
  )
  const { [stackNameKey]: givenName, ...rest } = given
  const name = stackName.safeParse(givenName)
  if (!name.success) throw new Error(`context "${stackNameKey}": ${name.error.issues[0]?.message}`)
  return { name: name.data, settings: readSettings(rest, region, 'context') }
}
