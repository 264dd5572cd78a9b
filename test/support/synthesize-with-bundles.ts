import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { type Synthesis, synthesize } from '../../local/synthesize.ts'

const assetsSchema = z.looseObject({
  files: z.record(
    z.string(),
    z.looseObject({ displayName: z.string(), source: z.looseObject({ path: z.string(), packaging: z.string() }) }),
  ),
})

/**
 * Synthesizes the stack with other settings. Its functions get the code that was bundled for another assembly: bundling takes
 * four fifths of the time of a synthesis, and settings do not change it.
 *
 * @param bundled the folder of the other assembly. Awaited only after the synthesis.
 * @throws Error if that assembly does not have the code of a function.
 */
export async function synthesizeWithBundles(
  context: Readonly<Record<string, string>>,
  bundled: string | Promise<string>,
): Promise<Synthesis> {
  const synthesis = await synthesize({ ...context, 'aws:cdk:bundling-stacks': [] })
  await useBundles(synthesis.directory, await bundled)
  return synthesis
}

/** Lets the functions of an assembly run the code that was bundled for another one. @throws Error if it lacks that of a function. */
export async function useBundles(directory: string, bundled: string): Promise<void> {
  const folders = new Map(
    Object.values((await readAssets(bundled)).files).map(({ displayName, source }) => [
      displayName,
      resolve(bundled, source.path),
    ]),
  )
  const assets = await readAssets(directory)
  for (const { displayName, source } of Object.values(assets.files)) {
    // The template is an asset as well, a file.
    if (source.packaging !== 'zip') continue
    const folder = folders.get(displayName)
    if (folder === undefined) throw new Error(`${bundled} has no bundle of ${displayName}`)
    source.path = folder
  }
  await writeFile(assetsFile(directory), JSON.stringify(assets))
}

const assetsFile = (directory: string) => join(directory, 'Northbound.assets.json')

async function readAssets(directory: string): Promise<z.output<typeof assetsSchema>> {
  return assetsSchema.parse(JSON.parse(await readFile(assetsFile(directory), 'utf8')))
}
