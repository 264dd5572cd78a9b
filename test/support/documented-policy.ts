import { readFile } from 'node:fs/promises'
import { z } from 'zod'

const actions = z.union([z.string().transform((action) => [action]), z.array(z.string())])
const policySchema = z.object({ Statement: z.array(z.object({ Effect: z.literal('Allow'), Action: actions })) })

/** The actions that the IAM policies in the section of a command in docs/cli.md allow, sorted. */
export async function readDocumentedActions(command: string): Promise<string[]> {
  const text = await readFile(new URL('../../docs/cli.md', import.meta.url), 'utf8')
  const section = text.split(/^## /m).find((part) => part.startsWith(`${command}\n`)) ?? ''
  const blocks = section.matchAll(/```json\n(.*?)```/gs).map(([, block = '']) => block)
  const policies = blocks.filter((block) => block.includes('"Statement"')).map((block) => JSON.parse(block))
  const allowed = policies.flatMap((policy) => policySchema.parse(policy).Statement.flatMap(({ Action }) => Action))
  return [...new Set(allowed)].sort()
}
