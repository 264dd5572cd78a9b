import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readAssembly } from '@northbound/template-runner'
import { build } from 'esbuild'
import { z } from 'zod'
import { synthesize } from '../local/synthesize.ts'

const templateSchema = z.object({
  Resources: z.record(
    z.string(),
    z.object({
      Type: z.string(),
      Properties: z.record(z.string(), z.unknown()).default({}),
      Metadata: z.looseObject({ 'aws:cdk:path': z.string().optional() }).default({}),
    }),
  ),
})
const codeSchema = z.object({ S3Key: z.string() })

/** A resource of a template. */
export type TemplateResource = {
  readonly id: string
  readonly properties: Readonly<Record<string, unknown>>
  /** Path of its construct, or its id. */
  readonly path: string
}

/** What the benchmarks read from a synthesized stack, and the peers. */
export interface BenchBundles {
  /** All resources of a type, for example `AWS::SQS::Queue`. */
  resources(type: string): readonly TemplateResource[]
  /** The deployed file of a function. @param name part of the logical id, e.g. `ReceiveCallback`. */
  bundle(name: string): string
  /** The properties of a table in the template. @param name part of the logical id. */
  table(name: string): Readonly<Record<string, unknown>>
  /** Bundles a peer for Node with esbuild's defaults. @returns the path of the bundle. */
  bundlePeer(name: string): Promise<string>
}

export interface BenchDeployment extends BenchBundles {
  /** The cloud assembly. */
  readonly directory: string
  remove(): Promise<void>
}

/** Synthesizes the stack as it would be deployed. */
export async function synthesizeDeployment(context: Readonly<Record<string, string>> = {}): Promise<BenchDeployment> {
  // The results must not depend on northbound.json.
  process.env.NORTHBOUND_SETTINGS_FILE = ''
  const { directory, remove } = await synthesize(context)
  return { ...(await readBundles(directory)), directory, remove }
}

/** Reads a synthesized stack. @param directory of the cloud assembly. */
export async function readBundles(directory: string): Promise<BenchBundles> {
  const { template, assetFolder } = await readAssembly(directory)
  const { Resources } = templateSchema.parse(template)

  function propertiesOf(type: string, name: string): Readonly<Record<string, unknown>> {
    const [, resource] = Object.entries(Resources).find(([id, { Type }]) => Type === type && id.includes(name)) ?? []
    if (resource === undefined) throw new Error(`the template has no ${type} named ${name}`)
    return resource.Properties
  }

  return {
    resources: (type) =>
      Object.entries(Resources)
        .filter(([, { Type }]) => Type === type)
        .map(([id, { Properties, Metadata }]) => ({
          id,
          properties: Properties,
          path: Metadata['aws:cdk:path'] ?? id,
        })),
    bundle(name) {
      const { S3Key } = codeSchema.parse(propertiesOf('AWS::Lambda::Function', name).Code)
      return join(assetFolder(S3Key) ?? '', 'index.js')
    },
    table: (name) => propertiesOf('AWS::DynamoDB::Table', name),
    async bundlePeer(name) {
      const outfile = join(directory, `peer-${name}.cjs`)
      const entry = fileURLToPath(new URL(`peers/${name}.ts`, import.meta.url))
      await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', logLevel: 'error' })
      return outfile
    },
  }
}
