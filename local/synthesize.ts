import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { StartupError } from '../packages/template-runner/src/startup-error.ts'

const projectRoot = fileURLToPath(new URL('..', import.meta.url))

export interface Synthesis {
  readonly directory: string
  remove(): Promise<void>
}

/**
 * Runs the CDK app with this context on top of that of `cdk.json`.
 *
 * @param signal ends the app early.
 * @throws StartupError with the app's own line on what is wrong.
 */
export async function synthesize(context: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<Synthesis> {
  const directory = await mkdtemp(join(tmpdir(), 'northbound-assembly-'))
  const remove = () => rm(directory, { recursive: true, force: true })
  try {
    const { code, output } = await runApp(directory, { ...(await ownContext()), ...context }, signal)
    if (code !== 0) throw new StartupError(reasonIn(output) ?? `the synthesis ended with code ${code}`)
  } catch (error) {
    await remove()
    throw error
  }
  return { directory, remove }
}

async function ownContext(): Promise<Record<string, unknown>> {
  const { context = {} } = JSON.parse(await readFile(join(projectRoot, 'cdk.json'), 'utf8'))
  return {
    ...context,
    // As the CDK command line does: the construct paths are how people know the functions.
    'aws:cdk:enable-path-metadata': true,
    'aws:cdk:disable-stack-trace': true,
  }
}

function runApp(
  directory: string,
  context: Record<string, unknown>,
  signal: AbortSignal | undefined,
): Promise<{ code: number | null; output: string }> {
  return new Promise((settle, fail) => {
    const app = spawn(process.execPath, ['bin/northbound.ts'], {
      cwd: projectRoot,
      env: {
        ...process.env,
        CDK_OUTDIR: directory,
        CDK_CONTEXT_JSON: JSON.stringify(context),
        // The built-in template rules take half of the time; the checks and the deployment apply them.
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
    // Not before it has ended: it would go on writing into a folder that is removed.
    app.on('close', (code) => (failure ? fail(failure) : settle({ code, output })))
  })
}

/** The app says in one line what is wrong; what the bundler printed before it is noise. */
function reasonIn(output: string): string | undefined {
  const lines = output.split('\n').map((line) => line.trim())
  const own = lines.findLast((line) => line.startsWith('northbound: '))
  if (own) return own.slice('northbound: '.length)
  return lines.find((line) => /error/i.test(line)) ?? lines.findLast((line) => line !== '')
}
