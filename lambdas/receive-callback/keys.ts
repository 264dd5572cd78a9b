import type { CheckCodeKeys } from '../../core/ports/check-code-keys.ts'

/** The keys in the check code secret, `{"current": "…", "previous": "…" or null}`: current first. */
export function checkCodeKeys(secret: { read(): Promise<unknown>; refresh(): Promise<unknown> }): CheckCodeKeys {
  return {
    read: async () => keysIn(await secret.read()),
    refresh: async () => keysIn(await secret.refresh()),
  }
}

function keysIn(secret: unknown): string[] {
  if (typeof secret !== 'object' || secret === null) throw new Error('the check code secret is not a JSON object')
  const { current, previous } = secret as { current?: unknown; previous?: unknown }
  return [current, previous].filter((key): key is string => typeof key === 'string' && key !== '')
}
