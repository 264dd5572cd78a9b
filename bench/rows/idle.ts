import { startSimulatedAvd } from '@northbound/avd-simulator'
import { readEmf } from '@northbound/template-runner'
import { type LocalRun, startLocal } from '../../local/run.ts'
import { type BenchDeployment, synthesizeDeployment } from '../bundles.ts'
import { type CostLine, costIdleMonth, formatIdleMonth, type IdleUsage } from '../idle/idle-month.ts'
import { type IdleStack, readIdleStack } from '../idle/idle-stack.ts'
import { prices } from '../prices.ts'
import type { BenchRow, rowNames } from '../row.ts'

const invocations = 10
/** What a month's invocations write that those of an idle run do not: all of these come in one minute, and a minute is sampled once. */
const unmeasuredWrites: ReadonlyMap<string, number> = new Map([['SampleUsage', 1]])
const platformKeys = { accessKey: 'a', secretKey: 's' }
const writeActions = ['PutItem', 'UpdateItem', 'DeleteItem'].map((action) => `dynamodb:${action}`)
const readActions = ['GetItem', 'Query', 'BatchGetItem'].map((action) => `dynamodb:${action}`)

/**
 * Computes what a month without a callback costs: from the template, and from a run of it with a platform that has no rooms. Each
 * scheduled function is invoked some times; what a month uses is extrapolated. A write is assumed to take one unit, and so is a read.
 *
 * The second row is the same month with group robots. They have no schedule, so the same run serves both.
 */
export async function costIdle(deployment: BenchDeployment): Promise<{ rows: BenchRow[]; report: string }> {
  const stack = readIdleStack((type) => deployment.resources(type))
  const { usage, customMetrics } = await measureIdleRun(
    deployment.directory,
    stack.schedules.map(({ functionName }) => functionName),
  )
  const lines = costIdleMonth(stack, usage, customMetrics)
  const linesWithChat = costIdleMonth(await readStackWithChat(), usage, customMetrics)
  return {
    rows: [
      createRow('idle-month-usd', 'a month without a callback', lines, 6),
      createRow('idle-month-chat-usd', 'the same month with group robots', linesWithChat, 7.5),
    ],
    report: `${formatIdleMonth(lines)}\n\nwith group robots\n${formatIdleMonth(linesWithChat)}`,
  }
}

function createRow(
  name: (typeof rowNames)[number],
  what: string,
  lines: readonly CostLine[],
  maxOurs: number,
): BenchRow {
  return {
    name,
    unit: `USD for ${what}, ${prices.region}, ${prices.asOf}`,
    ours: [lines.reduce((sum, { usd }) => sum + usd, 0)],
    peer: null,
    targets: { maxOurs },
    counted: true,
  }
}

async function readStackWithChat(): Promise<IdleStack> {
  const deployment = await synthesizeDeployment({ chat: 'true' })
  try {
    return readIdleStack((type) => deployment.resources(type))
  } finally {
    await deployment.remove()
  }
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
    writes: unmeasuredWrites.get(functionName) ?? perInvocation('writes'),
    reads: perInvocation('reads'),
    sqsRequests: perInvocation('sqsRequests'),
    platformRequests: perInvocation('platformRequests'),
    loggedBytes: Math.round(perInvocation('loggedBytes')),
    readsSecret: countCalls((action) => action === 'secretsmanager:GetSecretValue') > 0,
  }
}
