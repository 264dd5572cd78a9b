import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { inject, onTestFinished } from 'vitest'
import type { EnvironmentName } from '../../names/environment.ts'
import { useBundles } from './synthesize-with-bundles.ts'

/**
 * Copies a synthesized assembly and replaces environment variables of its functions, which is faster than a synthesis with
 * other settings. The copy is removed when the test ends.
 *
 * @returns the folder of the copy.
 * @throws Error if no function has the variable.
 */
export async function copyAssembly(
  kind: 'strict' | 'unsigned',
  environment: Readonly<Partial<Record<EnvironmentName, string>>>,
): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'northbound-assembly-copy-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  const { strict, [kind]: original } = inject('assemblies')
  await cp(original, directory, { recursive: true, filter: (path) => !basename(path).startsWith('asset.') })
  await useBundles(directory, strict)
  const file = (await readdir(directory)).find((name) => name.endsWith('.template.json'))
  const path = join(directory, file ?? '')
  let template = await readFile(path, 'utf8')
  for (const [name, value] of Object.entries(environment)) {
    const edited = template.replace(new RegExp(`"${name}": "[^"]*"`, 'g'), `"${name}": ${JSON.stringify(value)}`)
    if (edited === template) throw new Error(`no function has the variable ${name}`)
    template = edited
  }
  await writeFile(path, template)
  return directory
}
