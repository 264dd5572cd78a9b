import type { FunctionPool } from './function-pool.ts'
import type { InvocationError } from './invocation-result.ts'
import { isCalled } from './is-called.ts'

/** The outcome of a direct invocation. `payload` is the function's return value after JSON serialization. */
export type InvocationOutcome =
  | { readonly kind: 'ok'; readonly payload: unknown }
  | { readonly kind: 'failed'; readonly error: InvocationError }

/**
 * Invokes a function as the account's administrator.
 *
 * @param functionName its construct path, the last segment of that, or its physical name.
 * @throws Error if no function or more than one matches.
 */
export async function invokeByName(
  functions: ReadonlyMap<string, FunctionPool>,
  functionName: string,
  event: unknown,
): Promise<InvocationOutcome> {
  const result = await findFunction(functions, functionName).invoke(event)
  return result.kind === 'returned'
    ? { kind: 'ok', payload: JSON.parse(result.payload) }
    : { kind: 'failed', error: result.error }
}

/**
 * @param functionName its construct path, the last segment of that, or its physical name.
 * @throws Error if no function or more than one matches.
 */
export function findFunction(functions: ReadonlyMap<string, FunctionPool>, functionName: string): FunctionPool {
  const matches = [...functions.values()].filter(({ settings }) => isCalled(settings, functionName))
  const [pool, ...others] = matches
  if (!pool || others.length > 0) {
    const all = functions.values().map(({ settings }) => settings.path)
    throw new Error(`${matches.length} functions are called ${functionName}; there are ${[...all].join(', ')}`)
  }
  return pool
}
