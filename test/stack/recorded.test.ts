import { readFileSync } from 'node:fs'
import { App } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { NorthboundStack } from '../../lib/northbound-stack.ts'
import { readSettings } from '../../lib/settings.ts'

const recordedSchema = z.object({ why: z.string(), resources: z.record(z.string(), z.unknown()) })

/** With all secrets, without bundling. */
const stack = new NorthboundStack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'Northbound', {
  settings: readSettings({ legacyHttp: true, chat: true }, undefined),
})
const template = Template.fromStack(stack)

/** The properties with these names of all resources of a type, by logical id. A changed id replaces the resource as well. */
function readResources(type: string, names: readonly string[]): Record<string, unknown> {
  const resources = Object.entries(template.findResources(type))
  return Object.fromEntries(
    resources.map(([id, { Properties = {} }]) => [
      id,
      Object.fromEntries(names.flatMap((name) => (name in Properties ? [[name, Properties[name]]] : []))),
    ]),
  )
}

describe('what an update of a deployed stack would destroy', () => {
  it.each([
    ['secrets', 'AWS::SecretsManager::Secret', ['Name', 'GenerateSecretString', 'SecretString']],
    [
      'tables',
      'AWS::DynamoDB::Table',
      ['TableName', 'KeySchema', 'AttributeDefinitions', 'GlobalSecondaryIndexes', 'LocalSecondaryIndexes'],
    ],
    ['queues', 'AWS::SQS::Queue', ['QueueName', 'FifoQueue']],
  ])('is as recorded in test/stack/recorded/%s.json', (name, type, properties) => {
    const text = readFileSync(new URL(`recorded/${name}.json`, import.meta.url), 'utf8')
    const { why, resources } = recordedSchema.parse(JSON.parse(text))
    expect(readResources(type, properties), why).toEqual(resources)
  })
})
