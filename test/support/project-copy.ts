import { spawn } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const parts = [
  'bin',
  'lib',
  'console',
  'core',
  'lambdas',
  'adapters',
  'local',
  'package.json',
  'package-lock.json',
  'cdk.json',
  'tsconfig.json',
]

/** The project in a folder of its own, to make mistakes in. */
export interface ProjectCopy {
  readonly directory: string
  /** @throws where the file has no such text. @param file below the project. */
  replace(file: string, text: string, by: string): Promise<void>
  /** Runs the CDK app with all its checks, as `cdk synth` does. @param region that the account's profile names. */
  synthesize(
    context?: Readonly<Record<string, string>>,
    region?: string,
  ): Promise<{ code: number | null; output: string; assembly: string }>
  remove(): Promise<void>
}

export async function copyProject(): Promise<ProjectCopy> {
  const directory = await mkdtemp(join(tmpdir(), 'northbound-project-'))
  for (const part of parts) await cp(join(root, part), join(directory, part), { recursive: true })
  await symlink(join(root, 'node_modules'), join(directory, 'node_modules'))
  return {
    directory,
    async replace(file, text, by) {
      const path = join(directory, file)
      const source = await readFile(path, 'utf8')
      if (!source.includes(text)) throw new Error(`${file} has no ${JSON.stringify(text)}`)
      await writeFile(path, source.replace(text, by))
    },
    async synthesize(context = {}, region = 'us-east-1') {
      const assembly = join(directory, 'cdk.out')
      const own = JSON.parse(await readFile(join(directory, 'cdk.json'), 'utf8')).context
      const app = spawn(process.execPath, ['bin/northbound.ts'], {
        cwd: directory,
        env: {
          ...process.env,
          CDK_DEFAULT_REGION: region,
          CDK_OUTDIR: assembly,
          // Bundling would take most of the time, and changes nothing but the name of an asset.
          CDK_CONTEXT_JSON: JSON.stringify({ ...own, 'aws:cdk:bundling-stacks': [], ...context }),
        },
      })
      let output = ''
      for (const stream of [app.stdout, app.stderr])
        stream.on('data', (chunk: Buffer) => {
          output += chunk.toString()
        })
      const code = await new Promise<number | null>((resolve) => app.on('close', resolve))
      return { code, output, assembly }
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  }
}
