import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, inject, it } from 'vitest'
import { z } from 'zod'

const docs = fileURLToPath(new URL('../../docs/', import.meta.url))
const commands = ['operations.md', 'upgrade.md'].map((name) => readFileSync(join(docs, name), 'utf8')).join('\n')

const templateSchema = z.object({
  Outputs: z.record(z.string(), z.unknown()),
  Resources: z.record(z.string(), z.object({ Type: z.string() })),
})
const template = () =>
  templateSchema.parse(JSON.parse(readFileSync(join(inject('assemblies').strict, 'Northbound.template.json'), 'utf8')))

/** The words after the lists and calls in which the pages name outputs. */
const outputsNamed = [
  ...[...commands.matchAll(/stack_output ([A-Z]\w+)/g)].map(([, name = '']) => name),
  ...[...commands.matchAll(/for NAME in ([\w ]+);/g)].flatMap(([, names = '']) => names.split(' ')),
]

describe('the commands of the operations pages', () => {
  it('read outputs that the stack has', () => {
    expect(outputsNamed.length).toBeGreaterThan(4)
    expect(Object.keys(template().Outputs)).toEqual(expect.arrayContaining(outputsNamed))
  })

  it('find exactly one resource for each type and name', () => {
    const lookups = [...commands.matchAll(/stack_resource (AWS::[\w:]+) (\w+)/g)]
    expect(lookups.length).toBeGreaterThan(1)
    for (const [lookup, type = '', part = ''] of lookups) {
      const found = Object.entries(template().Resources).filter(([id, { Type }]) => Type === type && id.includes(part))
      expect(found, lookup).toHaveLength(1)
    }
  })
})
