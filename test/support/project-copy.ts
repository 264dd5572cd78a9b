import { spawn } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const copied = [
  'bin',
  'lib',
  'names',
  'console',
  'core',
  'lambdas',
  'adapters',
  'local',
  'scripts',
  'package.json',
  'package-lock.json',
  'cdk.json',
  'tsconfig.json',
]

/** A copy of the project in a temporary folder, to be edited by a test. */
export interface ProjectCopy {
  readonly directory: string
  /** @param file relative to the project. @throws Error if the file does not contain the text. */
  replace(file: string, text: string, replacement: string): Promise<void>
  /** Runs the CDK app with all its checks, like `cdk synth`. @param region what `CDK_DEFAULT_REGION` is set to. */
  synthesize(
    context?: Readonly<Record<string, string>>,
    region?: string,
  ): Promise<{ code: number | null; output: string; assembly: string }>
  remove(): Promise<void>
}

export async function copyProject(): Promise<ProjectCopy> {
  const directory = await mkdtemp(join(tmpdir(), 'northbound-project-'))
  for (const path of copied) await cp(join(root, path), join(directory, path), { recursive: true })
  await symlink(join(root, 'node_modules'), join(directory, 'node_modules'))
  return {
    directory,
    async replace(file, text, replacement) {
      const path = join(directory, file)
      const source = await readFile(path, 'utf8')
      if (!source.includes(text)) throw new Error(`${file} does not contain ${JSON.stringify(text)}`)
      await writeFile(path, source.replace(text, replacement))
    },
    synthesize: (context = {}, region = 'us-east-1') => synthesizeIn(directory, context, region),
    remove: () => rm(directory, { recursive: true, force: true }),
  }
}

async function synthesizeIn(directory: string, context: Readonly<Record<string, string>>, region: string) {
  const assembly = join(directory, 'cdk.out')
  const cdkContext = JSON.parse(await readFile(join(directory, 'cdk.json'), 'utf8')).context
  const app = spawn(process.execPath, ['bin/northbound.ts'], {
    cwd: directory,
    env: {
      ...process.env,
      CDK_DEFAULT_REGION: region,
      CDK_OUTDIR: assembly,
      // Bundling would take most of the time and changes only the names of assets.
      CDK_CONTEXT_JSON: JSON.stringify({ ...cdkContext, 'aws:cdk:bundling-stacks': [], ...context }),
    },
  })
  let output = ''
  for (const stream of [app.stdout, app.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  const code = await new Promise<number | null>((resolve) => app.on('close', resolve))
  return { code, output, assembly }
}
