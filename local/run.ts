import { randomBytes } from 'node:crypto'
import { contextKeys } from '../lib/settings.ts'
import { Cleanup } from './cleanup.ts'
import { deploy } from './deploy.ts'
import { invokeByName } from './functions/invoke-by-name.ts'
import { Gateway } from './gateway/server.ts'
import type { LocalOptions } from './local-options.ts'
import type { LocalRun } from './local-run.ts'
import { choosePlatform } from './platform.ts'
import { stopDeployment, untilIdle } from './shutdown.ts'
import { StartFailure } from './start-failure.ts'
import { synthesize } from './synthesis/synthesize.ts'

export type { LocalOptions, LocalRun }
export { StartFailure }

/**
 * Synthesizes the stack and runs its template on this machine.
 *
 * @throws StartFailure with one clear line.
 */
export async function startLocal(options: LocalOptions = {}): Promise<LocalRun> {
  const cleanup = new Cleanup()
  const log = options.log ?? ((line: string) => void process.stderr.write(`${line}\n`))
  try {
    const context = completeContext(options, log)
    // First, because a port in use is the commonest mistake and the synthesis takes seconds.
    const gateway = await Gateway.listen(options.port ?? 3322, log)
    cleanup.add(() => gateway.close(0))
    const directory = options.assembly ?? (await synthesizeInto(cleanup, context, options.signal))
    options.signal?.throwIfAborted()
    return await runStack(options, directory, gateway, cleanup, log)
  } catch (error) {
    await cleanup.run()
    throw error
  }
}

async function runStack(
  options: LocalOptions,
  directory: string,
  gateway: Gateway,
  cleanup: Cleanup,
  log: (line: string) => void,
): Promise<LocalRun> {
  const deployment = await deploy(options, directory, gateway, cleanup, log)
  const { account, counts, faults, denials } = deployment
  const platform = await choosePlatform(options)
  cleanup.add(() => platform.stop())
  const { outputs } = account.stack
  const apiToken = options.apiToken ?? randomBytes(24).toString('hex')
  const checkCodeKey = options.checkCodeKey ?? null
  const setSecret = (output: string, value: object) => {
    const arn = outputs[output]
    if (arn !== undefined) account.secrets.replace(arn, JSON.stringify(value))
  }
  setSecret('CheckCodeSecretArn', { current: checkCodeKey, previous: null })
  setSecret('ApiTokenSecretArn', { token: apiToken })
  setSecret('AvdSecretArn', platform.secret)
  for (const poller of account.pollers) poller.start()
  for (const schedule of account.schedules) schedule.start()
  account.monitor.start()
  // Not the output: that may have a name of its own, which leads elsewhere.
  const callbackUrl = `${gateway.url}/room_event_history`
  platform.begin(callbackUrl)
  let stopped: Promise<number> | undefined
  return {
    url: gateway.url,
    callbackUrl,
    consoleUrl: `${gateway.url}/console`,
    apiToken,
    checkCodeKey,
    avdUrl: platform.url,
    awsEndpointUrl: account.place.awsEndpointUrl,
    region: account.place.region,
    outputs,
    subscriptions: account.subscriptions,
    outbox: account.deliveries.outbox.letters,
    alarms: () => account.monitor.list(),
    evaluateAlarms: () => account.monitor.evaluate(),
    denials,
    grants: () =>
      [...account.principals.values()].flatMap(({ path: principal, roleName }) =>
        account.access.grants(roleName).map((grant) => ({ principal, ...grant })),
      ),
    calls: () => counts.list(),
    inject: (fault) => faults.inject(fault),
    invoke: (functionName, event) => invokeByName(account.functions, functionName, event),
    idle: (timeoutMilliseconds = 10_000) => untilIdle(account, gateway, timeoutMilliseconds),
    stop() {
      // First what calls: afterwards nothing new comes, and a sweep that waits for the platform ends.
      stopped ??= platform.stop().then(() => stopDeployment(account, gateway, cleanup, log))
      return stopped
    },
  }
}

async function synthesizeInto(
  cleanup: Cleanup,
  context: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<string> {
  const synthesis = await synthesize(context, signal)
  cleanup.add(() => synthesis.remove())
  return synthesis.directory
}

/** Without a key nothing can be signed, so callbacks must be taken unsigned unless the caller says otherwise. */
function completeContext(
  { context: given = {}, checkCodeKey, sweepGraceSeconds }: LocalOptions,
  log: (line: string) => void,
): Readonly<Record<string, string>> {
  const grace = sweepGraceSeconds === undefined ? {} : { sweepGraceSeconds: String(sweepGraceSeconds) }
  const context: Readonly<Record<string, string>> = { ...given, ...grace }
  const unknown = Object.keys(context).find((key) => !contextKeys.includes(key))
  if (unknown !== undefined) {
    throw new StartFailure(`unknown context key "${unknown}": the keys are ${contextKeys.join(', ')}`)
  }
  const complete = checkCodeKey === undefined ? { allowUnsigned: 'true', ...context } : context
  if (checkCodeKey === undefined && complete.allowUnsigned === 'true') {
    log('WARNING: without --check-code-key anybody can send callbacks: they are accepted unsigned')
  }
  return complete
}
