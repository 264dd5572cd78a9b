import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { z } from 'zod'
import { synthesize } from '../local/synthesize.ts'
import { readAssembly } from '../packages/template-runner/src/template/read-assembly.ts'
import type { TableProperties } from './aws.ts'

const templateSchema = z.object({
  Resources: z.record(
    z.string(),
    z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) }),
  ),
})

/** The stack as it would be deployed. */
export interface Deployment {
  /** The file that is deployed for a function. @param name in its logical id, e.g. `ReceiveCallback`. */
  bundle(name: string): string
  /** What the template says of a table. @param name in its logical id. */
  table(name: string): TableProperties
  /** Bundles a peer for Node with esbuild's defaults. @returns the file. */
  bundlePeer(name: string): Promise<string>
  remove(): Promise<void>
}

/** Synthesizes the stack. */
export async function deployment(context: Readonly<Record<string, string>> = {}): Promise<Deployment> {
  const { directory, remove } = await synthesize(context)
  return { ...(await readDeployment(directory)), remove }
}

/** Reads a synthesized stack. */
export async function readDeployment(directory: string): Promise<Omit<Deployment, 'remove'>> {
  const { template, assetFolder } = await readAssembly(directory)
  const { Resources } = templateSchema.parse(template)

  function propertiesOf(type: string, name: string): Record<string, unknown> {
    const [, resource] = Object.entries(Resources).find(([id, { Type }]) => Type === type && id.includes(name)) ?? []
    if (resource === undefined) throw new Error(`the template has no ${type} named ${name}`)
    return resource.Properties
  }

  return {
    bundle(name) {
      const { S3Key } = propertiesOf('AWS::Lambda::Function', name).Code as { S3Key: string }
      return join(assetFolder(S3Key) ?? '', 'index.js')
    },
    table: (name) => propertiesOf('AWS::DynamoDB::Table', name) as TableProperties,
    async bundlePeer(name) {
      const outfile = join(directory, `peer-${name}.cjs`)
      const entry = fileURLToPath(new URL(`peers/${name}.ts`, import.meta.url))
      await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', logLevel: 'error' })
      return outfile
    },
  }
}
