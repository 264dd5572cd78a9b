import { readFileSync } from 'node:fs'
import { z } from 'zod'

const answerSchema = z.record(z.string(), z.unknown())

const caseSchema = z.object({
  name: z.string(),
  /** An array holds pages. */
  answer: z.union([answerSchema, z.array(answerSchema)]).optional(),
  /** The text of the answer, if a parsed one would lose digits. */
  raw: z.string().optional(),
  outcome: z.string(),
  people: z.record(z.string(), z.array(z.string())).optional(),
})

const file = new URL('../cases/lists.json', import.meta.url)
const { cases } = z.object({ cases: z.array(caseSchema) }).parse(JSON.parse(readFileSync(file, 'utf8')))

/** Answers of the platform's room list, as pages, and what they prove (docs/contract.md, section 5). */
export const listCases = cases.map(({ answer, raw = '', ...listCase }) => ({
  ...listCase,
  pages: Array.isArray(answer) ? answer : [answer ?? raw],
}))
