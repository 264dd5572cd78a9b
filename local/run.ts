import { randomBytes } from 'node:crypto'
import { contextKeys } from '../lib/context.ts'
import { Cleanup } from './cleanup.ts'
import { deploy } from './deploy.ts'
import type { CallCount } from './endpoint/call-counts.ts'
import type { Fault } from './endpoint/faults.ts'
import type { Denial } from './endpoint/server.ts'
import { type InvocationOutcome, invokeByName } from './functions/invoke-by-name.ts'
import type { LogChoice } from './functions/log-lines.ts'
import { Gateway } from './gateway/server.ts'
import { type AvdOptions, choosePlatform } from './platform.ts'
import type { Subscription } from './resources/subscriptions.ts'
import { stopDeployment, untilIdle } from './shutdown.ts'
import { StartFailure } from './start-failure.ts'
import { synthesize } from './synthesis/synthesize.ts'

export type { AvdOptions, CallCount, Denial, Fault, InvocationOutcome, Subscription }
export { StartFailure }

export interface LocalOptions {
  /** Of the HTTP API; 0: any free one. Default 3322. */
  readonly port?: number
  /** CDK context on top of that of `cdk.json`. */
  readonly context?: Readonly<Record<string, string>>
  /** Left out: callbacks need no signature. */
  readonly checkCodeKey?: string
  /** Left out: a random one. */
  readonly apiToken?: string
  /** A DynamoDB endpoint to use instead of the embedded one. */
  readonly dynamodbUrl?: string
  /** The platform to reconcile with. Left out: none. */
  readonly avd?: AvdOptions
  /** A simulated installation with people in it instead. */
  readonly demo?: boolean
  /** Instead of the period of every schedule. */
  readonly sweepSeconds?: number
  /** Instead of the template's own, by way of the context; an `assembly` has its own already. */
  readonly sweepGraceSeconds?: number
  /** Folder of an assembly to run instead of synthesizing one. */
  readonly assembly?: string
  /** Which lines of the functions are shown. Default `errors`. */
  readonly logs?: LogChoice
  /** Instead of the queues' own, so that a test need not wait minutes for a second receive. */
  readonly visibilityTimeoutSeconds?: number
  /** Instead of the event source mappings' own. */
  readonly batchingWindowSeconds?: number
  /** Where the runner's lines go. Default: standard error. */
  readonly log?: (line: string) => void
  /** Gives up a start that is under way. */
  readonly signal?: AbortSignal
}

export interface LocalRun {
  readonly url: string
  readonly callbackUrl: string
  readonly consoleUrl: string
  readonly apiToken: string
  readonly checkCodeKey: string | null
  /** The platform that it reconciles with. */
  readonly avdUrl: string | null
  readonly awsEndpointUrl: string
  readonly region: string
  readonly outputs: Readonly<Record<string, string>>
  /** The people whom the topics' messages are meant for. */
  readonly subscriptions: readonly Subscription[]
  /** Calls that the functions' roles did not allow, so far. */
  readonly denials: readonly Denial[]
  /** What was called so far, by whom, on what, how often. */
  calls(): CallCount[]
  /** Makes calls fail until the returned function is called. */
  inject(fault: Fault): () => void
  /**
   * Invokes a function, whatever else invokes it.
   *
   * @param functionName its construct path, the last part of that, or its name.
   * @throws Error where that is not one function.
   */
  invoke(functionName: string, event: unknown): Promise<InvocationOutcome>
  /**
   * Resolves when the polled queues are empty, with nothing in flight, and no function runs.
   *
   * @param timeoutMilliseconds default 10,000.
   * @throws Error saying what is still under way when the time is over.
   */
  idle(timeoutMilliseconds?: number): Promise<void>
  /**
   * Lets running requests end and empties the queues, as far as 4 seconds go.
   *
   * @returns how many acknowledged events could not be applied in that time.
   */
  stop(): Promise<number>
}

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
  const callbackUrl = outputs.CallbackUrl ?? `${gateway.url}/room_event_history`
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
    denials,
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
