import { createHash, randomInt } from 'node:crypto'
import { z } from 'zod'
import type { ResourceKind } from '../account.ts'
import { physicalName, readProperties, unused } from './properties.ts'

const maxNameLength = 200

const booleanFlag = z
  .union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')])
  .default(false)

const generateSchema = z.strictObject({
  SecretStringTemplate: z.string().optional(),
  GenerateStringKey: z.string().optional(),
  PasswordLength: z.coerce.number().int().min(1).max(4096).default(32),
  ExcludePunctuation: booleanFlag,
  ExcludeCharacters: z.string().default(''),
  ExcludeLowercase: booleanFlag,
  ExcludeUppercase: booleanFlag,
  ExcludeNumbers: booleanFlag,
  IncludeSpace: booleanFlag,
  RequireEachIncludedType: unused,
})

const secretSchema = z.strictObject({
  Name: z.string().optional(),
  Description: z.string().default(''),
  SecretString: z.string().optional(),
  GenerateSecretString: generateSchema.optional(),
  KmsKeyId: unused,
  Tags: unused,
})

export const secret: ResourceKind = {
  type: 'AWS::SecretsManager::Secret',
  identify({ logicalId, text }, { stackName, region, accountId }) {
    const name = text('Name') ?? physicalName(stackName, logicalId, maxNameLength)
    // AWS appends six random characters. This suffix is the same at every start.
    const suffix = createHash('sha256').update(name).digest('hex').slice(0, 6)
    const arn = `arn:aws:secretsmanager:${region}:${accountId}:secret:${name}-${suffix}`
    return { ref: arn, attributes: { Id: arn } }
  },
  create(resources, { secrets, target }) {
    for (const resource of resources) {
      const { Name, Description, SecretString, GenerateSecretString } = readProperties(secretSchema, resource)
      const name = Name ?? physicalName(target.stackName, resource.logicalId, maxNameLength)
      const text = SecretString ?? (GenerateSecretString ? generateSecretText(GenerateSecretString) : '')
      secrets.create(resource.identity.ref, name, Description, text)
    }
  },
}

function generateSecretText(options: z.output<typeof generateSchema>): string {
  const characterSets = [
    options.ExcludeLowercase ? '' : 'abcdefghijklmnopqrstuvwxyz',
    options.ExcludeUppercase ? '' : 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
    options.ExcludeNumbers ? '' : '0123456789',
    options.ExcludePunctuation ? '' : '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
    options.IncludeSpace ? ' ' : '',
  ]
  const characters = [...characterSets.join('')].filter((character) => !options.ExcludeCharacters.includes(character))
  const password = Array.from({ length: options.PasswordLength }, () => characters[randomInt(characters.length)]).join(
    '',
  )
  if (options.SecretStringTemplate === undefined || options.GenerateStringKey === undefined) return password
  return JSON.stringify({ ...JSON.parse(options.SecretStringTemplate), [options.GenerateStringKey]: password })
}
