import { spawn } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { StartupError } from '@northbound/template-runner'
import { createAssemblyFolder, removeAbandonedAssemblies } from './assembly-folder.ts'

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
export async function synthesize(context: Readonly<Record<string, unknown>>, signal?: AbortSignal): Promise<Synthesis> {
  await removeAbandonedAssemblies()
  const directory = await createAssemblyFolder()
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
  signal?.throwIfAborted()
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
      // A process group of its own: Ctrl+C does not reach it, and an abort ends the bundlers that it started as well.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const abort = () => killGroup(app.pid)
    signal?.addEventListener('abort', abort)
    process.once('exit', abort)
    let output = ''
    const collect = (chunk: Buffer) => {
      output += chunk.toString()
    }
    app.stdout.on('data', collect)
    app.stderr.on('data', collect)
    app.on('error', reject)
    // Emitted when no process of the group can write to the directory any more.
    app.on('close', (code) => {
      signal?.removeEventListener('abort', abort)
      process.off('exit', abort)
      if (signal?.aborted) reject(signal.reason)
      else resolve({ code, output })
    })
  })
}

function killGroup(leader: number | undefined): void {
  if (leader === undefined) return
  try {
    process.kill(-leader, 'SIGKILL')
  } catch {
    // All its processes have ended.
  }
}

/** Prefers the line that the app prints about an error over the output of the bundler. */
function findReason(output: string): string | undefined {
  const lines = output.split('\n').map((line) => line.trim())
  const reported = lines.findLast((line) => line.startsWith('northbound: '))
  if (reported) return reported.slice('northbound: '.length)
  return lines.find((line) => /error/i.test(line)) ?? lines.findLast((line) => line !== '')
}
