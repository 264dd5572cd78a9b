import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { StartupError } from '../startup-error.ts'

const manifestSchema = z.object({
  artifacts: z.record(
    z.string(),
    z.object({
      type: z.string(),
      properties: z.object({ templateFile: z.string().optional(), file: z.string().optional() }).loose().optional(),
    }),
  ),
})

const assetsSchema = z.object({
  files: z.record(
    z.string(),
    z.object({
      source: z.object({ path: z.string().optional() }),
      destinations: z.record(z.string(), z.object({ objectKey: z.string() })),
    }),
  ),
})

export interface Assembly {
  readonly stackName: string
  readonly template: unknown
  /** Returns the folder of a file asset, given its object key in the asset bucket. */
  assetFolder(objectKey: string): string | undefined
}

/** Reads a CDK cloud assembly. @throws StartupError if it does not contain exactly one stack. */
export async function readAssembly(directory: string): Promise<Assembly> {
  const manifest = manifestSchema.parse(await readJson(join(directory, 'manifest.json')))
  const artifacts = Object.entries(manifest.artifacts)
  const stacks = artifacts.filter(([, { type }]) => type === 'aws:cloudformation:stack')
  const [stack] = stacks
  if (!stack || stacks.length > 1) throw new StartupError(`${directory} has ${stacks.length} stacks, not one`)
  const folders = new Map<string, string>()
  for (const [, { type, properties }] of artifacts) {
    if (type !== 'cdk:asset-manifest' || !properties?.file) continue
    const { files } = assetsSchema.parse(await readJson(join(directory, properties.file)))
    for (const { source, destinations } of Object.values(files)) {
      for (const { objectKey } of Object.values(destinations)) {
        if (source.path !== undefined) folders.set(objectKey, resolve(directory, source.path))
      }
    }
  }
  return {
    stackName: stack[0],
    template: await readJson(join(directory, stack[1].properties?.templateFile ?? `${stack[0]}.template.json`)),
    assetFolder: (objectKey) => folders.get(objectKey),
  }
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    throw new StartupError(`cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`)
  }
}
