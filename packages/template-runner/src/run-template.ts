import { CleanupStack } from './cleanup.ts'
import { deploy, type TemplateDeployment } from './deploy.ts'
import { findFunction, invokeByName } from './functions/invoke-by-name.ts'
import { Gateway } from './gateway/server.ts'
import type { RunnerOptions } from './options.ts'
import { stopDeployment, waitUntilIdle } from './shutdown.ts'
import type { DeployedTemplate, TemplateRun } from './template-run.ts'

/** What a deployed or running template is made of. */
interface RunParts extends TemplateDeployment {
  readonly gateway: Gateway
  readonly cleanup: CleanupStack
  readonly log: (line: string) => void
}

/**
 * Runs the template of a cloud assembly on this machine.
 *
 * @throws StartupError with a one-line message.
 */
export async function runTemplate(options: RunnerOptions): Promise<TemplateRun> {
  return (await deployTemplate(options)).start()
}

/**
 * Creates every resource of the template without starting anything, so that the caller can still replace secrets.
 *
 * @throws StartupError with a one-line message.
 */
export async function deployTemplate(options: RunnerOptions): Promise<DeployedTemplate> {
  const cleanup = new CleanupStack()
  const log = options.log ?? ((line: string) => void process.stderr.write(`${line}\n`))
  try {
    const gateway = await Gateway.listen(options.port ?? 3322, log)
    cleanup.add(() => gateway.close(0))
    const { assembly, signal } = options
    const directory = typeof assembly === 'string' ? assembly : await assembly((action) => cleanup.add(action), signal)
    signal?.throwIfAborted()
    const deployment = await deploy(options, directory, gateway, cleanup, log)
    return createDeployedTemplate({ ...deployment, gateway, cleanup, log })
  } catch (error) {
    await cleanup.run()
    throw error
  }
}

function createDeployedTemplate(parts: RunParts): DeployedTemplate {
  const { account, gateway, cleanup } = parts
  return {
    url: gateway.url,
    outputs: account.stack.outputs,
    replaceSecret(arn, value) {
      if (arn !== undefined) account.secrets.replace(arn, value)
    },
    variablesOf: (functionName) => findFunction(account.functions, functionName).settings.variables,
    start() {
      for (const poller of account.pollers) poller.start()
      for (const schedule of account.schedules) schedule.start()
      account.monitor.start()
      return createRun(parts)
    },
    abandon: () => cleanup.run(),
  }
}

function createRun({ account, counts, faults, denials, gateway, cleanup, log }: RunParts): TemplateRun {
  let stopped: Promise<number> | undefined
  return {
    url: gateway.url,
    awsEndpointUrl: account.target.awsEndpointUrl,
    region: account.target.region,
    outputs: account.stack.outputs,
    subscriptions: account.subscriptions,
    outbox: account.deliveries.outbox.messages,
    alarms: () => account.monitor.list(),
    evaluateAlarms: () => account.monitor.evaluate(),
    setAlarmState: async (name, state) => account.monitor.setState(name, state),
    denials,
    grants: () =>
      [...account.principals.values()].flatMap(({ path: principal, roleName }) =>
        account.access.listGrants(roleName).map((grant) => ({ principal, ...grant })),
      ),
    calls: () => counts.list(),
    inject: (fault) => faults.inject(fault),
    injectDelivery: (fault) => account.deliveryFaults.inject(fault),
    shiftClock(functionName, ms) {
      findFunction(account.functions, functionName).clockOffsetMs = ms
    },
    invoke: (functionName, event) => invokeByName(account.functions, functionName, event),
    recycle: (functionName) => findFunction(account.functions, functionName).recycle(),
    idle: (timeoutMs = 10_000) => waitUntilIdle(account, gateway, timeoutMs),
    stop() {
      stopped ??= stopDeployment(account, gateway, cleanup, log)
      return stopped
    },
  }
}
