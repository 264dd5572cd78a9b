import { cp, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import type { EnvironmentName } from '../../names/environment.ts'

/**
 * A copy of a synthesized assembly with other values of environment variables: faster than a synthesis with other settings.
 *
 * @throws Error if no function has the variable.
 */
export async function editedAssembly(
  kind: 'strict' | 'unsigned',
  environment: Readonly<Partial<Record<EnvironmentName, string>>>,
): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'northbound-edited-'))
  await cp(inject('assemblies')[kind], directory, { recursive: true })
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
