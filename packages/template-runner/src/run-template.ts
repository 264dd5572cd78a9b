import { CleanupStack } from './cleanup.ts'
import { deploy, type TemplateDeployment } from './deploy.ts'
import { invokeByName } from './functions/invoke-by-name.ts'
import { Gateway } from './gateway/server.ts'
import type { RunnerOptions } from './options.ts'
import { stopDeployment, untilIdle } from './shutdown.ts'
import type { DeployedTemplate, TemplateRun } from './template-run.ts'

/** Runs the template of an assembly on this machine. @throws StartupError with one clear line. */
export async function runTemplate(options: RunnerOptions): Promise<TemplateRun> {
  return (await deployTemplate(options)).start()
}

/**
 * Creates every resource of the template without starting anything, so that the caller can still change secrets.
 *
 * @throws StartupError with one clear line.
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
    return deployed(deployment, gateway, cleanup, log)
  } catch (error) {
    await cleanup.run()
    throw error
  }
}

function deployed(
  deployment: TemplateDeployment,
  gateway: Gateway,
  cleanup: CleanupStack,
  log: (line: string) => void,
): DeployedTemplate {
  const { account } = deployment
  return {
    url: gateway.url,
    outputs: account.stack.outputs,
    replaceSecret(arn, value) {
      if (arn !== undefined) account.secrets.replace(arn, value)
    },
    start() {
      for (const poller of account.pollers) poller.start()
      for (const schedule of account.schedules) schedule.start()
      account.monitor.start()
      return running(deployment, gateway, cleanup, log)
    },
    abandon: () => cleanup.run(),
  }
}

function running(
  { account, counts, faults, denials }: TemplateDeployment,
  gateway: Gateway,
  cleanup: CleanupStack,
  log: (line: string) => void,
): TemplateRun {
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
    denials,
    grants: () =>
      [...account.principals.values()].flatMap(({ path: principal, roleName }) =>
        account.access.grants(roleName).map((grant) => ({ principal, ...grant })),
      ),
    calls: () => counts.list(),
    inject: (fault) => faults.inject(fault),
    invoke: (functionName, event) => invokeByName(account.functions, functionName, event),
    idle: (timeoutMs = 10_000) => untilIdle(account, gateway, timeoutMs),
    stop() {
      stopped ??= stopDeployment(account, gateway, cleanup, log)
      return stopped
    },
  }
}
