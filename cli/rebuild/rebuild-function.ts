import { InvokeCommand, LambdaClient, TooManyRequestsException } from '@aws-sdk/client-lambda'
import pRetry from 'p-retry'
import { z } from 'zod'
import type { RebuildResponse, ReportedDifference } from '../../core/projection/rebuild-response.ts'
import { CliError, isUsageError, usageError } from '../cli-error.ts'
import type { ClientSettings } from '../installation.ts'
import { readFunctionResponse } from '../read-function-response.ts'

/** Which aggregates to compare with the log (docs/runbook.md). */
export type RebuildSelection =
  | { readonly all: true }
  | { readonly room_id?: string; readonly user_id?: string }
  | { readonly box_code: string }

export type RebuildRequest = RebuildSelection & { readonly dry_run: boolean; readonly cursor?: string | null }

/** Calls the function `rebuild`. @throws CliError if it fails again and again, refuses the cursor, or is of another version. */
export type RebuildFunction = (request: RebuildRequest, signal: AbortSignal) => Promise<RebuildResponse>

const responseSchema = z.object({
  checked: z.number(),
  different: z.number(),
  unsettled: z.number(),
  differences: z.array(z.custom<ReportedDifference>()),
  commands: z.number(),
  cursor: z.string().nullable(),
})
const errorSchema = z.object({ errorMessage: z.string(), errorType: z.string().optional() })

/** ms; the function has 55 s. */
const requestTimeoutMs = 70_000
/** A timed-out or crashed invocation is repeated: it has changed nothing that a repetition would not. */
const retries = 3
/** Attempts of the client if the function is throttled, with up to 20 s in between. */
const maxAttempts = 8

export function lambdaRebuildFunction(
  clients: ClientSettings,
  functionName: string,
  minRetryMs = 1000,
): RebuildFunction {
  const requestHandler = { requestTimeout: requestTimeoutMs, throwOnRequestTimeout: true }
  const client = new LambdaClient({ ...clients, maxAttempts, requestHandler })
  return async (request, signal) => {
    const payload = await pRetry(() => invoke(client, functionName, request, signal), {
      retries,
      minTimeout: minRetryMs,
      signal,
      shouldRetry: ({ error }) =>
        (error instanceof CliError && !isUsageError(error)) || error instanceof TooManyRequestsException,
    })
    return readFunctionResponse(responseSchema, payload, 'rebuild')
  }
}

async function invoke(
  client: LambdaClient,
  FunctionName: string,
  request: RebuildRequest,
  abortSignal: AbortSignal,
): Promise<unknown> {
  const command = new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(request)) })
  const { FunctionError, Payload } = await client.send(command, { abortSignal })
  const payload: unknown = JSON.parse(Buffer.from(Payload ?? []).toString() || 'null')
  if (FunctionError === undefined) return payload
  const { errorMessage, errorType } = errorSchema.safeParse(payload).data ?? {}
  if (errorType === 'InvalidCursorError')
    throw usageError({ en: '--cursor is not a position of a rebuild', zh: '--cursor 不是 rebuild 给出的位置' })
  const message = (errorMessage || errorType || FunctionError).replaceAll(/\s+/g, ' ')
  throw new CliError({ en: `the function rebuild failed: ${message}`, zh: `rebuild 函数执行失败：${message}` })
}
