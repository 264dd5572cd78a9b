import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { StartupError } from '@northbound/template-runner'

const projectRoot = fileURLToPath(new URL('..', import.meta.url))

export interface Synthesis {
  /** The cloud assembly. */
  readonly directory: string
  remove(): Promise<void>
}

/**
 * Runs the CDK app.
 *
 * @param context values in addition to those in `cdk.json`.
 * @param signal aborts the app.
 * @throws StartupError with the reason that the app reports.
 */
export async function synthesize(context: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<Synthesis> {
  const directory = await mkdtemp(join(tmpdir(), 'northbound-assembly-'))
  const remove = () => rm(directory, { recursive: true, force: true })
  try {
    const { code, output } = await runApp(directory, { ...(await readProjectContext()), ...context }, signal)
    if (code !== 0) throw new StartupError(findReason(output) ?? `the synthesis failed with exit code ${code}`)
  } catch (error) {
    await remove()
    throw error
  }
  return { directory, remove }
}

async function readProjectContext(): Promise<Record<string, unknown>> {
  const { context = {} } = JSON.parse(await readFile(join(projectRoot, 'cdk.json'), 'utf8'))
  return {
    ...context,
    // The CDK command line sets this too. The runner names functions by their construct paths.
    'aws:cdk:enable-path-metadata': true,
    'aws:cdk:disable-stack-trace': true,
  }
}

function runApp(
  directory: string,
  context: Record<string, unknown>,
  signal: AbortSignal | undefined,
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const app = spawn(process.execPath, ['bin/northbound.ts'], {
      cwd: projectRoot,
      env: {
        ...process.env,
        CDK_OUTDIR: directory,
        CDK_CONTEXT_JSON: JSON.stringify(context),
        // Validating the template takes half of the time. `npm run synth` and the deployment still do it.
        CDK_VALIDATION: 'false',
      },
      ...(signal && { signal }),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    const collect = (chunk: Buffer) => {
      output += chunk.toString()
    }
    app.stdout.on('data', collect)
    app.stderr.on('data', collect)
    let failure: Error | undefined
    app.on('error', (error) => {
      failure = error
    })
    // An aborted app emits 'error' first, but may write to the directory until it has exited.
    app.on('close', (code) => (failure ? reject(failure) : resolve({ code, output })))
  })
}

/** Prefers the line that the app prints about an error over the output of the bundler. */
function findReason(output: string): string | undefined {
  const lines = output.split('\n').map((line) => line.trim())
  const reported = lines.findLast((line) => line.startsWith('northbound: '))
  if (reported) return reported.slice('northbound: '.length)
  return lines.find((line) => /error/i.test(line)) ?? lines.findLast((line) => line !== '')
}
