import { randomBytes } from 'node:crypto'
import { type DeployedTemplate, deployTemplate } from '@northbound/template-runner'
import * as paths from '../names/paths.ts'
import { buildContext, findWarnings } from './build-context.ts'
import type { LocalOptions } from './local-options.ts'
import { choosePlatform, type LocalPlatform } from './local-platform.ts'
import { type LocalRobots, startRobots } from './local-robots.ts'
import type { LocalRun } from './local-run.ts'
import { synthesize } from './synthesize.ts'

export type { LocalOptions, LocalRun }

/**
 * Synthesizes the stack and runs its template on this machine.
 *
 * @throws StartupError if the start cannot continue.
 */
export async function startLocal(options: LocalOptions = {}): Promise<LocalRun> {
  const log = options.log ?? ((line: string) => void process.stderr.write(`${line}\n`))
  const context = buildContext(options)
  const robots = await startRobots({ ...options, log }, context)
  let deployed: DeployedTemplate | undefined
  let platform: LocalPlatform | undefined
  try {
    deployed = await deploy({ ...options, log }, robots ? { ...context, chatHosts: robots.chatHosts } : context)
    // Only now, so that a start that cannot continue prints one line.
    for (const warning of findWarnings(options, context)) log(warning)
    platform = await choosePlatform(options)
    await fillTables(deployed, { ...options, log })
    return startDeployed(deployed, options, platform, robots)
  } catch (error) {
    await platform?.stop()
    await robots?.chat.stop()
    await deployed?.abandon()
    throw error
  }
}

function deploy(options: LocalOptions, context: Readonly<Record<string, string>>): Promise<DeployedTemplate> {
  return deployTemplate({
    ...options,
    scheduleSeconds: options.sweepSeconds === undefined ? {} : { ReconcileRooms: options.sweepSeconds },
    assembly:
      options.assembly ??
      (async (cleanup, signal) => {
        const synthesis = await synthesize(context, signal)
        cleanup(() => synthesis.remove())
        return synthesis.directory
      }),
  })
}

/** Before the start, so that no function writes meanwhile, and what is ready is complete. */
async function fillTables(
  deployed: DeployedTemplate,
  { history, log, signal = new AbortController().signal }: LocalOptions & { readonly log: (line: string) => void },
): Promise<void> {
  if (history === undefined) return
  // Loaded only for this: it brings the product's code and the AWS clients along.
  const { loadHistory } = await import('./history/load-history.ts')
  await loadHistory(history(Date.now()), { variables: deployed.variablesOf('ApplyEvents'), log, signal })
}

function startDeployed(
  deployed: DeployedTemplate,
  options: LocalOptions,
  platform: LocalPlatform,
  robots: LocalRobots | undefined,
): LocalRun {
  const apiToken = options.apiToken ?? randomBytes(24).toString('hex')
  const checkCodeKey = options.checkCodeKey ?? null
  const { outputs, url } = deployed
  const setSecret = (arn: string | undefined, value: object) => deployed.replaceSecret(arn, JSON.stringify(value))
  // An empty key means that no key is set; null would be unusable.
  setSecret(outputs.CheckCodeSecretArn, { current: checkCodeKey ?? '', previous: null })
  setSecret(outputs.ApiTokenSecretArn, { token: apiToken })
  setSecret(outputs.AvdSecretArn, platform.secret)
  if (robots !== undefined) setSecret(outputs.ChatSecretArn, robots.secret)
  const run = deployed.start()
  // The stack's own output names the custom domain if there is one, and that host does not lead to this machine.
  const callbackUrl = `${url}${paths.callbacks}`
  platform.startCallbacks(callbackUrl)
  let stopped: Promise<number> | undefined
  async function stopAll(): Promise<number> {
    // The platform stops first: no new callbacks arrive, and a sweep that waits for a response from it ends.
    await platform.stop()
    const unapplied = await run.stop()
    await robots?.chat.stop()
    return unapplied
  }
  return {
    ...run,
    callbackUrl,
    consoleUrl: `${url}${paths.console}`,
    apiToken,
    checkCodeKey,
    avdUrl: platform.url,
    robots: robots?.chat.robots ?? [],
    stop() {
      stopped ??= stopAll()
      return stopped
    },
  }
}
