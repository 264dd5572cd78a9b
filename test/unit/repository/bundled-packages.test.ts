import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BuildOptions, build } from 'esbuild'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** What may be deployed: no licence that concerns the code around a package. */
const permittedLicences = ['0BSD', 'Apache-2.0', 'BSD-3-Clause', 'ISC', 'MIT', 'MIT-0', 'MPL-2.0']
/** Our own code that is deployed. */
const deployedFolders = ['adapters', 'console', 'core', 'lambdas', 'names']

const manifestSchema = z.object({ name: z.string(), version: z.string(), license: z.string() })

/** The files that a build includes, relative to the project. Some of a package that a file names may not survive. */
async function filesIn(options: BuildOptions): Promise<string[]> {
  const { metafile } = await build({
    absWorkingDir: root,
    bundle: true,
    minify: true,
    metafile: true,
    write: false,
    outdir: 'none',
    logLevel: 'error',
    ...options,
  })
  return Object.values(metafile?.outputs ?? {}).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  )
}

/** The package of a file in `node_modules`, as `name version` and licence. */
function packageOf(file: string): { readonly id: string; readonly licence: string } {
  const [folder] = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []
  const { name, version, license } = manifestSchema.parse(
    JSON.parse(readFileSync(join(root, folder ?? dirname(file), 'package.json'), 'utf8')),
  )
  return { id: `${name} ${version}`, licence: license }
}

describe('what is deployed', () => {
  let files: string[]
  let packages: Map<string, string>

  beforeAll(async () => {
    const functions = readdirSync(join(root, 'lambdas'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `lambdas/${name}/index.ts`)
    const ofFunctions = filesIn({ entryPoints: functions, platform: 'node', mainFields: ['module', 'main'] })
    const ofConsole = filesIn({ entryPoints: ['console/app.tsx'], jsx: 'automatic', jsxImportSource: 'preact' })
    files = (await Promise.all([ofFunctions, ofConsole])).flat()
    const inPackages = files.filter((file) => file.includes('node_modules/')).map(packageOf)
    packages = new Map(inPackages.map(({ id, licence }) => [id, licence]))
  })

  it('contains nothing of the tests, the local run, the simulators and the tools', () => {
    const folders = files.filter((file) => !file.includes('node_modules/')).map((file) => file.split('/')[0] ?? '')
    expect([...new Set(folders)].sort()).toEqual(deployedFolders)
  })

  it('contains only packages of permitted licences', () => {
    expect([...packages].filter(([, licence]) => !permittedLicences.includes(licence))).toEqual([])
    expect(packages.size).toBeGreaterThan(10)
  })

  it('is listed with versions and licences in docs/third-party.md', () => {
    const listed = readFileSync(join(root, 'docs/third-party.md'), 'utf8').matchAll(
      /^\| `(\S+)` \| (\S+) \| (\S+) \|$/gm,
    )
    const documented = [...listed].map(([, name, version, licence]) => `${name} ${version}: ${licence}`)
    expect(documented.sort()).toEqual([...packages].map(([id, licence]) => `${id}: ${licence}`).sort())
  })
})
