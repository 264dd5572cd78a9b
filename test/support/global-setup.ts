import type { TestProject } from 'vitest/node'
import { synthesize } from '../../local/synthesize.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Folders of the synthesized stack: with the default settings, and with `allowUnsigned`. */
    assemblies: { readonly strict: string; readonly unsigned: string }
  }
}

/** Synthesizes the stack once for all tests. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // The variables of the configuration are set in the workers only.
  process.env.NORTHBOUND_SETTINGS_FILE = ''
  const [strict, unsigned] = await Promise.all([synthesize({}), synthesize({ allowUnsigned: 'true' })])
  project.provide('assemblies', { strict: strict.directory, unsigned: unsigned.directory })
  return async () => {
    await Promise.all([strict.remove(), unsigned.remove()])
  }
}
