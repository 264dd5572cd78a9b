import { z } from 'zod'
import { readSettings, type Settings, settingKeys } from './settings.ts'
import { type GivenSettings, settingsFileName } from './settings-file.ts'
import { findLikelyKey, isSecretOfStack } from './unknown-key.ts'

const stackNameKey = 'name'

const stackName = z
  .string('must be a text')
  .regex(/^[A-Za-z][A-Za-z0-9-]{0,63}$/, 'must be a CloudFormation stack name: letters, digits, hyphens')
  .default('Northbound')

const ownerKey = 'owner'

// The characters that AWS allows in values of tags.
const owner = z
  .string('must be a text')
  .regex(/^[\p{L}\p{Z}\p{N}_.:/=+@-]{1,256}$/u, 'must have 1 to 256 letters, digits, spaces, or _ . : / = + - @')
  .optional()

/** The keys of the CDK context and of the settings file (docs/contract.md, section 2): those of the stack, and the settings. */
export const contextKeys = [stackNameKey, ownerKey, ...settingKeys]

export interface Installation {
  /** Name of the stack. */
  readonly name: string
  /** Who answers for the installation, as a tag. */
  readonly owner: string | undefined
  readonly settings: Settings
}

export interface SettingSources {
  /** The CDK context. It also contains the keys of CDK itself and of other programs. */
  readonly context: GivenSettings
  /** The settings file. A key of the context wins over it. */
  readonly file?: GivenSettings
  /** The region of the deployment, if known. */
  readonly region?: string | undefined
}

/**
 * Reads name, owner and settings of an installation from the CDK context and the settings file.
 *
 * @throws Error naming the source, the key and the reason for each invalid value and each unknown key. An unknown key of the
 * context is an error only if it resembles a setting or a secret of the stack.
 */
export function readContext({ context, file = {}, region }: SettingSources): Installation {
  const ours = Object.entries(context).filter(([key, value]) => value !== undefined && value !== null && isOurs(key))
  const fromContext = Object.fromEntries(ours)
  const { [stackNameKey]: givenName, [ownerKey]: givenOwner, ...rest }: GivenSettings = { ...file, ...fromContext }
  const describe = (key: string) => `${Object.hasOwn(fromContext, key) ? 'context' : sourceOf(key, file)} "${key}"`
  return {
    name: parse(stackName, givenName, describe(stackNameKey)),
    owner: parse(owner, givenOwner, describe(ownerKey)),
    settings: readSettings(rest, region, describe, contextKeys),
  }
}

/** @param source what the error message calls the value. @throws Error if the value is invalid. */
function parse<Schema extends z.ZodType>(schema: Schema, value: unknown, source: string): z.output<Schema> {
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw new Error(`${source}: ${parsed.error.issues[0]?.message}`)
  return parsed.data
}

function isOurs(key: string): boolean {
  if (contextKeys.includes(key)) return true
  // CDK's own keys and those of other constructs have a prefix, like @aws-cdk/core:… and availability-zones:….
  return !/[:/@]/.test(key) && (findLikelyKey(key, contextKeys) !== undefined || isSecretOfStack(key))
}

function sourceOf(key: string, file: GivenSettings): string {
  return Object.hasOwn(file, key) ? settingsFileName : 'context'
}
