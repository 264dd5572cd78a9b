/**
 * Benchmarks of this project and of its peers: what people would otherwise use.
 *
 *   npm run bench                     all rows, at least five figures for each time; about an hour
 *   npm run bench -- --short          fewer figures and smaller loads; counted rows stay the same
 *   npm run bench -- --only NAME,…    rows whose names start with one of these
 *   npm run bench -- --counted        fails if a counted row misses its target
 *   npm run bench -- --results FILE   writes FILE; without it, only a full run writes bench/results.json
 *
 * If DYNAMODB_LOCAL_URL is set, DynamoDB Local replaces the embedded engine.
 */
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type EmulatedAws, startEmulatedAws } from '@northbound/template-runner'
import { type BenchBundles, type BenchDeployment, synthesizeDeployment } from './bundles.ts'
import { createCostRow } from './cost.ts'
import { formatBatchSizes, formatCosts } from './cost-tables.ts'
import { type BenchOptions, isRequested, loadsOf, readOptions } from './options.ts'
import { prices } from './prices.ts'
import { type BenchRow, formatTable, listMissedTargets, resultOf, rowNames } from './row.ts'
import { measureApplyDrain } from './rows/apply-drain.ts'
import { countBoardRequests } from './rows/board.ts'
import { measureColdReceive, measureReceiverBundle, measureReceiverLog } from './rows/cold-receive.ts'
import { countApply, countBatchSizes, createApplyRows, createMeasurements } from './rows/count-apply.ts'
import { costIdle } from './rows/idle.ts'
import { measureLoadRows, measureMemoryRow } from './rows/load.ts'
import { measureRebuild } from './rows/rebuild.ts'
import { measureRecoveries } from './rows/recovery.ts'
import { measureRoomPages } from './rows/room-page.ts'
import { measureSecretOutages, secretOutageStarts } from './rows/secret-outage.ts'
import { simulateStormRows } from './rows/storm.ts'
import { measureStormModel } from './rows/storm-model.ts'
import { measureSweep } from './rows/sweep.ts'
import { measureTruth } from './rows/truth.ts'
import { measureWarmReceive, measureWarmVerify } from './rows/warm-receive.ts'

let options: BenchOptions
try {
  options = readOptions()
} catch (error) {
  console.error(`bench: ${error instanceof Error ? error.message : String(error)}`)
  process.exit(1)
}

const {
  rounds,
  calls,
  drainedEvents,
  rebuiltEvents,
  participants,
  truthSeeds,
  outages,
  secretOutageSeconds,
  ...loads
} = loadsOf(options)
const truthRowNames = rowNames.filter((name) => name.startsWith('truth-'))
const recoveryRowNames = rowNames.filter((name) => name.startsWith('recovery-'))
const secretOutageRowNames = rowNames.filter((name) => name.startsWith('secret-outage-'))
const loadRowNames = rowNames.filter((name) => name.startsWith('load-'))
const stackRowNames = rowNames.filter(
  (name) => !['truth-', 'storm-', 'recovery-', 'secret-outage-', 'load-'].some((prefix) => name.startsWith(prefix)),
)
const simulatedStormRowNames = rowNames.filter((name) => name.startsWith('storm-') && name !== 'storm-model-error')
const rows: BenchRow[] = []
const add = (...measured: BenchRow[]) => {
  rows.push(...measured.filter(({ name }) => isRequested(options, name)))
  process.stderr.write(`${measured.map(({ name }) => name).join(', ')}: done\n`)
}

const reports: string[] = []
if (isRequested(options, ...stackRowNames)) await measureStack()
if (isRequested(options, ...recoveryRowNames)) await addRecoveryRows()
if (isRequested(options, ...secretOutageRowNames)) await addSecretOutageRows()
if (isRequested(options, ...loadRowNames)) await addLoadRows()
if (isRequested(options, ...simulatedStormRowNames)) add(...simulateStormRows())
if (isRequested(options, 'storm-model-error')) await compareStormModel()
if (isRequested(options, ...truthRowNames)) {
  const { rows: truthRows, report } = measureTruth(truthSeeds)
  add(...truthRows)
  reports.push(report)
}

console.log(`${formatTable(rows)}\n`)
for (const report of reports) console.log(`${report}\n`)
await writeResults()
if (options.counted) failOnMissedTargets()

/** Measures the rows that need the bundles of the stack and an emulation of AWS. */
async function measureStack(): Promise<void> {
  const deployment = await synthesizeDeployment({ sweepGraceSeconds: '0' })
  const aws = await startEmulatedAws({ dynamodbUrl: process.env.DYNAMODB_LOCAL_URL })
  try {
    // Times are measured first, while this process is small.
    if (isRequested(options, 'cold-receive')) add(await measureColdReceive(deployment, rounds * 3))
    if (isRequested(options, 'bundle-receive')) add(await measureReceiverBundle(deployment))
    if (isRequested(options, 'warm-receive')) add(await measureWarmReceive(rounds * 2, calls))
    if (isRequested(options, 'warm-verify')) add(await measureWarmVerify(rounds * 2, calls))
    if (
      isRequested(
        options,
        'apply-requests',
        'apply-write-units',
        'apply-duplicates',
        'apply-redelivered',
        'cost-per-million',
      )
    )
      reports.push(await countApplyRows(aws, deployment))
    if (isRequested(options, 'idle-month-usd', 'idle-month-chat-usd')) reports.push(await addIdleRows(deployment))
    if (isRequested(options, 'apply-drain')) add(await measureApplyDrain(aws, deployment, rounds, drainedEvents))
    if (isRequested(options, 'board-requests')) add(await countBoardRequests(aws, deployment))
    if (isRequested(options, 'room-page-requests', 'room-page-ms', 'visited-room-requests', 'visited-room-ms'))
      add(...(await measureRoomPages(aws, deployment, rounds)))
    if (isRequested(options, 'rebuild-seconds', 'rebuild-memory-mib'))
      add(...(await measureRebuild(deployment, rounds, rebuiltEvents)))
    if (isRequested(options, 'sweep-seconds', 'sweep-memory-mib'))
      add(...(await measureSweep(deployment, rounds, participants)))
  } finally {
    await aws.stop()
    await deployment.remove()
  }
}

/** Runs outages, for about twelve minutes. */
async function addRecoveryRows(): Promise<void> {
  const deployment = await synthesizeDeployment()
  try {
    const requested = outages.filter((seconds) => isRequested(options, `recovery-seconds-${seconds}`))
    const { rows: recoveryRows, report } = await measureRecoveries(deployment.directory, requested)
    add(...recoveryRows)
    reports.push(report)
  } finally {
    await deployment.remove()
  }
}

/** Runs two outages, for about half an hour. */
async function addSecretOutageRows(): Promise<void> {
  const deployment = await synthesizeDeployment()
  try {
    const starts = secretOutageStarts.filter((start) => isRequested(options, `secret-outage-${start}-lost`))
    const measured = await measureSecretOutages(deployment.directory, starts, secretOutageSeconds)
    add(...measured.rows)
    reports.push(measured.report)
  } finally {
    await deployment.remove()
  }
}

/** Sends callbacks to the whole system for about fifteen minutes. */
async function addLoadRows(): Promise<void> {
  const deployment = await synthesizeDeployment()
  try {
    if (isRequested(options, 'load-lost', 'load-answer-p50', 'load-answer-p99', 'load-burst-seconds')) {
      const { rows: loadRows, report } = await measureLoadRows(deployment.directory, loads.load)
      add(...loadRows)
      reports.push(report)
    }
    if (isRequested(options, 'load-memory-growth')) {
      const { row, report } = await measureMemoryRow(deployment.directory, loads.memorySections)
      add(row)
      reports.push(report)
    }
  } finally {
    await deployment.remove()
  }
}

/** Runs a storm for about a minute. */
async function compareStormModel(): Promise<void> {
  const deployment = await synthesizeDeployment()
  try {
    const { row, report } = await measureStormModel(deployment)
    add(row)
    reports.push(report)
  } finally {
    await deployment.remove()
  }
}

/** Adds the rows of apply-events and of its cost. @returns the cost tables. */
async function countApplyRows(aws: EmulatedAws, deployment: BenchBundles): Promise<string> {
  const counts = await countApply(aws, deployment)
  add(...createApplyRows(counts))
  const receive = await measureReceiverLog(deployment)
  const apply = createMeasurements(counts.mix)
  add(createCostRow(receive, apply))
  const smallerBatches = options.short ? [] : await countBatchSizes(aws, deployment, [50, 20, 10, 5, 2, 1])
  const storedBytes = Math.round(counts.mix.ours.storedBytes / counts.mix.ours.events)
  const storageUsd = (storedBytes * 1e-3 * prices.dynamodbGbMonth).toFixed(2)
  return [
    formatCosts(receive, apply),
    formatBatchSizes(receive, [apply.ours, ...smallerBatches]),
    `the event log stores ${storedBytes} bytes an event, index included: ${storageUsd} USD a month for a million`,
  ].join('\n\n')
}

/** @returns the lines of the rows. */
async function addIdleRows(deployment: BenchDeployment): Promise<string> {
  const { rows: idleRows, report } = await costIdle(deployment)
  add(...idleRows)
  return report
}

async function writeResults(): Promise<void> {
  const isFullRun = options.only === undefined && !options.short
  const defaultFile = isFullRun ? fileURLToPath(new URL('results.json', import.meta.url)) : undefined
  const file = options.results ?? defaultFile
  if (file !== undefined) await writeFile(file, `${JSON.stringify(rows.map(resultOf), undefined, 2)}\n`)
}

function failOnMissedTargets(): void {
  const missed = rows
    .filter((row) => row.counted)
    .flatMap((row) => listMissedTargets(row).map((target) => `${row.name}: ${target}`))
  for (const line of missed) console.error(line)
  if (missed.length > 0) process.exitCode = 1
}
