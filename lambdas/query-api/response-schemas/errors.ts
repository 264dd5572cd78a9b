import { z } from 'zod'
import { text } from './fields.ts'

/** What API Gateway itself responds. */
export const gatewayProblemSchema = z
  .object({ message: text.describe('What is wrong, in the words of API Gateway') })
  .meta({ id: 'GatewayProblem' })

export const problemSchema = z
  .strictObject({ ret: z.int().describe('Never 0'), msg: text.describe('What is wrong') })
  .meta({ id: 'Problem' })
