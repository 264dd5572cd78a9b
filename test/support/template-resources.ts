import { z } from 'zod'

const resourceSchema = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  DeletionPolicy: z.string().optional(),
  UpdateReplacePolicy: z.string().optional(),
})
const templateSchema = z.object({ Resources: z.record(z.string(), resourceSchema) })

export type TemplateResource = z.output<typeof resourceSchema> & { readonly id: string }

export type TemplateResources = {
  ofType(type: string): TemplateResource[]
  /** The resource that a `Ref` or `Fn::GetAtt` refers to. */
  resolve(reference: unknown): TemplateResource | undefined
}

export function parseTemplate(template: unknown): TemplateResources {
  const { Resources } = templateSchema.parse(template)
  const all = Object.entries(Resources).map(([id, resource]) => ({ id, ...resource }))
  return {
    ofType: (type) => all.filter(({ Type }) => Type === type),
    resolve: (reference) => all.find(({ id }) => id === logicalIdIn(reference)),
  }
}

/** The logical id in a `Ref` or `Fn::GetAtt`. */
export function logicalIdIn(reference: unknown): string | undefined {
  const { Ref, 'Fn::GetAtt': attribute } = z
    .object({ Ref: z.string().optional(), 'Fn::GetAtt': z.array(z.string()).optional() })
    .catch({})
    .parse(reference)
  return Ref ?? attribute?.[0]
}

export const numberOf = (resource: TemplateResource | undefined, property: string) =>
  Number(resource?.Properties[property] ?? 0)

const statementSchema = z.object({
  Effect: z.string(),
  Action: z.union([z.string(), z.array(z.string())]).transform((actions) => [actions].flat()),
  Resource: z.unknown().transform((given) => [given].flat()),
  Condition: z.unknown(),
})
const policySchema = z.object({ PolicyDocument: z.object({ Statement: z.array(statementSchema.partial()) }) })

export const statementsOf = (resource: TemplateResource) =>
  policySchema.parse(resource.Properties).PolicyDocument.Statement
