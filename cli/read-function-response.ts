import type { z } from 'zod'
import { CliError } from './cli-error.ts'

/**
 * Reads the response of one of the stack's functions.
 *
 * @param name of the function.
 * @throws CliError if it is not such a response, because the deployed function is of another version.
 */
export function readFunctionResponse<Response>(schema: z.ZodType<Response>, payload: unknown, name: string): Response {
  const { data } = schema.safeParse(payload)
  if (data !== undefined) return data
  throw new CliError({
    en: `the response of the function ${name} cannot be read: deploy the version of this command line, or use the version that is deployed`,
    zh: `无法识别 ${name} 函数的响应：请部署与本命令行工具相同的版本，或改用与已部署版本一致的命令行工具`,
  })
}
