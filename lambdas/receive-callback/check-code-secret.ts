import type { CheckCodeKeys } from '../../core/ports/check-code-keys.ts'

/** Reads the keys from the check-code secret, `{"current": "…", "previous": "…" or null}`. */
export function checkCodeKeys(secret: { read(): Promise<unknown>; refresh(): Promise<unknown> }): CheckCodeKeys {
  return {
    read: async () => parseKeys(await secret.read()),
    refresh: async () => parseKeys(await secret.refresh()),
  }
}

function parseKeys(secret: unknown): string[] {
  if (typeof secret !== 'object' || secret === null) throw new Error('the check-code secret is not a JSON object')
  const { current, previous } = secret as { current?: unknown; previous?: unknown }
  return [current, previous].filter((key): key is string => typeof key === 'string' && key !== '')
}
