import { readFileSync } from 'node:fs'
import { z } from 'zod'

const file = z.object({
  key: z.string(),
  vectors: z.array(z.object({ params: z.record(z.string(), z.string()), check_code: z.string() })).min(3),
})

/** The signed parameter sets that the protocol page gives. */
export const { key: vectorKey, vectors } = file.parse(
  JSON.parse(readFileSync(new URL('../vectors/check_code.json', import.meta.url), 'utf8')),
)
