import { randomBytes } from 'node:crypto'
import { type DeployedTemplate, deployTemplate, StartupError } from '@northbound/template-runner'
import { contextKeys } from '../lib/settings.ts'
import type { LocalOptions } from './local-options.ts'
import type { LocalRun } from './local-run.ts'
import { choosePlatform, type Platform } from './platform.ts'
import { synthesize } from './synthesize.ts'

export type { LocalOptions, LocalRun }
export { StartupError }

/**
 * Synthesizes the stack and runs its template on this machine.
 *
 * @throws StartupError with one clear line.
 */
export async function startLocal(options: LocalOptions = {}): Promise<LocalRun> {
  const log = options.log ?? ((line: string) => void process.stderr.write(`${line}\n`))
  const context = completeContext(options, log)
  const deployed = await deployTemplate({
    ...options,
    log,
    scheduleSeconds: options.sweepSeconds,
    assembly:
      options.assembly ??
      (async (cleanup, signal) => {
        const synthesis = await synthesize(context, signal)
        cleanup(() => synthesis.remove())
        return synthesis.directory
      }),
  })
  try {
    return startDeployed(deployed, options, await choosePlatform(options))
  } catch (error) {
    await deployed.abandon()
    throw error
  }
}

function startDeployed(deployed: DeployedTemplate, options: LocalOptions, platform: Platform): LocalRun {
  const apiToken = options.apiToken ?? randomBytes(24).toString('hex')
  const checkCodeKey = options.checkCodeKey ?? null
  const { outputs, url } = deployed
  const setSecret = (arn: string | undefined, value: object) => deployed.replaceSecret(arn, JSON.stringify(value))
  setSecret(outputs.CheckCodeSecretArn, { current: checkCodeKey, previous: null })
  setSecret(outputs.ApiTokenSecretArn, { token: apiToken })
  setSecret(outputs.AvdSecretArn, platform.secret)
  const run = deployed.start()
  // Not the output: with a custom domain it names a host that does not lead here.
  const callbackUrl = `${url}/room_event_history`
  platform.begin(callbackUrl)
  let stopped: Promise<number> | undefined
  return {
    ...run,
    callbackUrl,
    consoleUrl: `${url}/console`,
    apiToken,
    checkCodeKey,
    avdUrl: platform.url,
    stop() {
      // The callers stop first: then nothing new arrives, and a sweep that waits for the platform ends.
      stopped ??= platform.stop().then(() => run.stop())
      return stopped
    },
  }
}

/** Without a key nothing can be signed, so unsigned callbacks are accepted unless the caller says otherwise. */
function completeContext(
  { context: given = {}, checkCodeKey, sweepGraceSeconds }: LocalOptions,
  log: (line: string) => void,
): Readonly<Record<string, string>> {
  const grace = sweepGraceSeconds === undefined ? {} : { sweepGraceSeconds: String(sweepGraceSeconds) }
  const context: Readonly<Record<string, string>> = { ...given, ...grace }
  const unknown = Object.keys(context).find((key) => !contextKeys.includes(key))
  if (unknown !== undefined) {
    throw new StartupError(`unknown context key "${unknown}": the keys are ${contextKeys.join(', ')}`)
  }
  const complete = checkCodeKey === undefined ? { allowUnsigned: 'true', ...context } : context
  if (checkCodeKey === undefined && complete.allowUnsigned === 'true') {
    log('WARNING: without --check-code-key anybody can send callbacks: they are accepted unsigned')
  }
  return complete
}
