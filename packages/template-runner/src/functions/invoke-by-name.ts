import type { FunctionPool } from './function-pool.ts'
import type { InvocationError } from './messages.ts'

/** What came of an invocation; `payload` is what the function returned, by way of JSON. */
export type InvocationOutcome =
  | { readonly kind: 'ok'; readonly payload: unknown }
  | { readonly kind: 'failed'; readonly error: InvocationError }

/**
 * Invokes a function as the account's administrator.
 *
 * @param wanted its construct path, the last part of that, or its name.
 * @throws Error where there is no such function, or more than one.
 */
export async function invokeByName(
  functions: ReadonlyMap<string, FunctionPool>,
  wanted: string,
  event: unknown,
): Promise<InvocationOutcome> {
  const named = [...functions.values()].filter(
    ({ settings: { path, name } }) => [path, name].includes(wanted) || path.endsWith(`/${wanted}`),
  )
  const [pool, ...others] = named
  if (!pool || others.length > 0) {
    const all = functions.values().map(({ settings }) => settings.path)
    throw new Error(`${named.length} functions are called ${wanted}; there are ${[...all].join(', ')}`)
  }
  const outcome = await pool.invoke(event)
  return outcome.kind === 'failed' ? outcome : { kind: 'ok', payload: JSON.parse(outcome.payload) }
}
