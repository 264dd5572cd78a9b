import { createHash, randomInt } from 'node:crypto'
import { z } from 'zod'
import type { ResourceKind } from '../account.ts'
import { physicalName, readProperties, unused } from './properties.ts'

const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]).default(false)

const generateSchema = z.strictObject({
  SecretStringTemplate: z.string().optional(),
  GenerateStringKey: z.string().optional(),
  PasswordLength: z.coerce.number().int().min(1).max(4096).default(32),
  ExcludePunctuation: flag,
  ExcludeCharacters: z.string().default(''),
  ExcludeLowercase: flag,
  ExcludeUppercase: flag,
  ExcludeNumbers: flag,
  IncludeSpace: flag,
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
    const name = text('Name') ?? physicalName(stackName, logicalId, 200)
    // AWS adds six random characters; these are the same at every start.
    const suffix = createHash('sha256').update(name).digest('hex').slice(0, 6)
    const arn = `arn:aws:secretsmanager:${region}:${accountId}:secret:${name}-${suffix}`
    return { ref: arn, attributes: { Id: arn } }
  },
  create(resources, { secrets, target }) {
    for (const resource of resources) {
      const { Name, Description, SecretString, GenerateSecretString } = readProperties(secretSchema, resource)
      const name = Name ?? physicalName(target.stackName, resource.logicalId, 200)
      const text = SecretString ?? (GenerateSecretString ? generate(GenerateSecretString) : '')
      secrets.create(resource.identity.ref, name, Description, text)
    }
  },
}

function generate(wanted: z.output<typeof generateSchema>): string {
  const kinds = [
    wanted.ExcludeLowercase ? '' : 'abcdefghijklmnopqrstuvwxyz',
    wanted.ExcludeUppercase ? '' : 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
    wanted.ExcludeNumbers ? '' : '0123456789',
    wanted.ExcludePunctuation ? '' : '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
    wanted.IncludeSpace ? ' ' : '',
  ]
  const characters = [...kinds.join('')].filter((character) => !wanted.ExcludeCharacters.includes(character))
  const password = Array.from({ length: wanted.PasswordLength }, () => characters[randomInt(characters.length)]).join(
    '',
  )
  if (wanted.SecretStringTemplate === undefined || wanted.GenerateStringKey === undefined) return password
  return JSON.stringify({ ...JSON.parse(wanted.SecretStringTemplate), [wanted.GenerateStringKey]: password })
}
