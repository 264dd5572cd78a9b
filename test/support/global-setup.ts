import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { synthesize } from '../../local/synthesize.ts'
import { synthesizeWithBundles } from './synthesize-with-bundles.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Folders of the synthesized stack: with the default settings, and with `allowUnsigned`. */
    assemblies: { readonly strict: string; readonly unsigned: string }
  }
}

interface Shared {
  readonly assemblies: { readonly strict: string; readonly unsigned: string }
  remove(): Promise<void>
}

declare global {
  /** Vitest loads this file once for each project, which share no variable of the module. */
  var preparedTests: Promise<Shared> | undefined
}

/** Synthesizes the stack once for the tests of all projects. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  globalThis.preparedTests ??= prepare()
  const { assemblies, remove } = await globalThis.preparedTests
  project.provide('assemblies', assemblies)
  return remove
}

async function prepare(): Promise<Shared> {
  // The variables of the configuration are set in the workers only.
  process.env.NORTHBOUND_SETTINGS_FILE = ''
  // Node.js processes and emulated functions load most code many times. All folders of this run have it at the same paths.
  const cache = await mkdtemp(join(tmpdir(), 'northbound-compile-cache-'))
  process.env.NODE_COMPILE_CACHE ??= cache
  const strict = synthesize({})
  const bundled = strict.then(({ directory }) => directory)
  const [one, other] = await Promise.all([strict, synthesizeWithBundles({ allowUnsigned: 'true' }, bundled)])
  const folders = [one, other]
  return {
    assemblies: { strict: one.directory, unsigned: other.directory },
    async remove() {
      await Promise.all([
        ...folders.map((synthesis) => synthesis.remove()),
        // Processes that are ending may still write to it.
        rm(cache, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }),
      ])
    },
  }
}
