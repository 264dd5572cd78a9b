import { readFileSync } from 'node:fs'
import { z } from 'zod'

const fileSchema = z.object({
  key: z.string(),
  vectors: z.array(z.object({ params: z.record(z.string(), z.string()), check_code: z.string() })).min(3),
})

/** The signed parameter sets of docs/protocol.md, Test vectors, and their key. */
export const { key: vectorKey, vectors } = fileSchema.parse(
  JSON.parse(readFileSync(new URL('../vectors/check_code.json', import.meta.url), 'utf8')),
)
