import { z } from 'zod'
import { StartupError } from '../startup-error.ts'

const recordOf = <Value extends z.ZodType>(value: Value) => z.record(z.string(), value)

const templateSchema = z.object({
  Resources: recordOf(
    z.object({
      Type: z.string(),
      Condition: z.string().optional(),
      Properties: recordOf(z.unknown()).default({}),
      Metadata: recordOf(z.unknown()).default({}),
    }),
  ),
  Outputs: recordOf(z.object({ Value: z.unknown(), Condition: z.string().optional() })).default({}),
  Conditions: recordOf(z.unknown()).default({}),
  Parameters: recordOf(z.object({ Default: z.unknown().optional() })).default({}),
  Mappings: recordOf(recordOf(recordOf(z.unknown()))).default({}),
})
export type Template = z.output<typeof templateSchema>

/** @throws StartupError if `source` is not a CloudFormation template. */
export function parseTemplate(source: unknown): Template {
  const parsed = templateSchema.safeParse(source)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new StartupError(`the template is not readable: ${issue?.path.join('.')}: ${issue?.message}`)
}
