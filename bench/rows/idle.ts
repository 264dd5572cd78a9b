import { startSimulatedAvd } from '@northbound/avd-simulator'
import { readEmf } from '@northbound/template-runner'
import { type LocalRun, startLocal } from '../../local/run.ts'
import type { BenchDeployment } from '../bundles.ts'
import { costIdleMonth, formatIdleMonth, type IdleUsage } from '../idle/idle-month.ts'
import { readIdleStack } from '../idle/idle-stack.ts'
import { prices } from '../prices.ts'
import type { BenchRow } from '../row.ts'

const invocations = 10
const platformKeys = { accessKey: 'a', secretKey: 's' }
const writeActions = ['PutItem', 'UpdateItem', 'DeleteItem'].map((action) => `dynamodb:${action}`)
const readActions = ['GetItem', 'Query', 'BatchGetItem'].map((action) => `dynamodb:${action}`)

/**
 * Computes what a month without a callback costs: from the template, and from a run of it with a platform that has no rooms. Each
 * scheduled function is invoked some times; what a month uses is extrapolated. A write is assumed to take one unit, and so is a read.
 */
export async function costIdle(deployment: BenchDeployment): Promise<{ row: BenchRow; report: string }> {
  const stack = readIdleStack((type) => deployment.resources(type))
  const { usage, customMetrics } = await measureIdleRun(
    deployment.directory,
    stack.schedules.map(({ functionName }) => functionName),
  )
  const lines = costIdleMonth(stack, usage, customMetrics)
  const row: BenchRow = {
    name: 'idle-month-usd',
    unit: `USD for a month without a callback, ${prices.region}, ${prices.asOf}`,
    ours: [lines.reduce((sum, { usd }) => sum + usd, 0)],
    peer: null,
    targets: { maxOurs: 6 },
    counted: true,
  }
  return { row, report: formatIdleMonth(lines) }
}

async function measureIdleRun(assembly: string, functionNames: readonly string[]) {
  const lines: string[] = []
  const platform = await startSimulatedAvd(platformKeys)
  const run = await startLocal({
    port: 0,
    assembly,
    avd: { baseUrl: platform.url, ...platformKeys },
    logs: 'all',
    log: (line) => void lines.push(line),
    // The functions are invoked one by one instead.
    sweepSeconds: 86_400,
  })
  try {
    const countPlatformRequests = () => Object.values(platform.requestCounts).reduce((sum, count) => sum + count, 0)
    const usage = new Map<string, IdleUsage>()
    for (const functionName of functionNames)
      usage.set(functionName, await measureFunction(run, functionName, lines, countPlatformRequests))
    const emitted = lines.flatMap((line) => readEmf(line.replace(/^\w+: /, '')))
    const customMetrics = new Set(
      emitted.map(({ metric: { name, dimensions } }) => [name, ...Object.values(dimensions)].join(' ')),
    )
    return { usage, customMetrics: [...customMetrics] }
  } finally {
    await run.stop()
    await platform.stop()
  }
}

async function measureFunction(
  run: LocalRun,
  functionName: string,
  lines: readonly string[],
  countPlatformRequests: () => number,
): Promise<IdleUsage> {
  const invoke = async () => {
    const outcome = await run.invoke(functionName, {})
    if (outcome.kind === 'failed') throw new Error(`${functionName}: ${outcome.error.errorMessage}`)
  }
  const countCalls = (isCounted: (action: string) => boolean) =>
    run
      .calls()
      .filter(({ principal, action }) => principal.endsWith(`/${functionName}`) && isCounted(action))
      .reduce((sum, { count }) => sum + count, 0)
  const prefix = `${functionName}: `
  const count = () => ({
    writes: countCalls((action) => writeActions.includes(action)),
    reads: countCalls((action) => readActions.includes(action)),
    sqsRequests: countCalls((action) => action.startsWith('sqs:')),
    platformRequests: countPlatformRequests(),
    loggedBytes: lines
      .filter((line) => line.startsWith(prefix))
      .reduce((sum, line) => sum + Buffer.byteLength(line) - prefix.length, 0),
  })
  // Starts the function, which reads its secret and logs in to the platform.
  await invoke()
  const before = count()
  for (let invocation = 0; invocation < invocations; invocation++) await invoke()
  const after = count()
  const perInvocation = (name: keyof typeof after) => (after[name] - before[name]) / invocations
  return {
    writes: perInvocation('writes'),
    reads: perInvocation('reads'),
    sqsRequests: perInvocation('sqsRequests'),
    platformRequests: perInvocation('platformRequests'),
    loggedBytes: Math.round(perInvocation('loggedBytes')),
    readsSecret: countCalls((action) => action === 'secretsmanager:GetSecretValue') > 0,
  }
}
