/**
 * The benchmarks, against what people would otherwise use.
 *
 *   npm run bench                     all rows, at least five figures of each time; some twenty minutes
 *   npm run bench -- --short          fewer figures and smaller loads: what is counted is the same
 *   npm run bench -- --only NAME,…    rows whose names begin so
 *   npm run bench -- --counted        fails where a counted row misses its target
 *   npm run bench -- --results FILE   instead of bench/results.json, which only a whole run writes
 *
 * With DYNAMODB_LOCAL_URL, Amazon's engine takes the place of the embedded one.
 */
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startAws } from './aws.ts'
import { deployment } from './bundles.ts'
import { batchSizeTable, costRow, costTable } from './cost.ts'
import { prices } from './prices.ts'
import { missedTargets, type Row, resultOf, rowNames, tableOf } from './row.ts'
import { applyDrain, applyingOf, applyRows, countApply, countBatchSizes } from './rows/apply.ts'
import { bundleReceive, coldReceive, loggedForCallback, warmReceive, warmVerify } from './rows/receive.ts'
import { apiTokenSecret, roomPage } from './rows/room-page.ts'
import { sweep } from './rows/sweep.ts'

function readOptions() {
  const { values } = parseArgs({
    options: {
      short: { type: 'boolean', default: false },
      counted: { type: 'boolean', default: false },
      only: { type: 'string' },
      results: { type: 'string' },
    },
  })
  const prefixes = values.only?.split(',')
  const unknown = prefixes?.find((prefix) => !rowNames.some((name) => name.startsWith(prefix)))
  if (unknown !== undefined) throw new Error(`no row begins with "${unknown}"; there are ${rowNames.join(', ')}`)
  return values
}

let values: ReturnType<typeof readOptions>
try {
  values = readOptions()
} catch (error) {
  console.error(`bench: ${error instanceof Error ? error.message : String(error)}`)
  process.exit(1)
}

const loads = values.short
  ? { rounds: 1, calls: 2_000, drained: 500, people: 5_000 }
  : { rounds: 5, calls: 30_000, drained: 10_000, people: 100_000 }

const wanted = values.only?.split(',')
/** Whether any of these rows was asked for. */
const isWanted = (...names: string[]) =>
  wanted === undefined || names.some((name) => wanted.some((prefix) => name.startsWith(prefix)))

const rows: Row[] = []
const add = (...measured: Row[]) => {
  for (const row of measured) if (isWanted(row.name)) rows.push(row)
  process.stderr.write(`${measured.map(({ name }) => name).join(', ')}: done\n`)
}

const stack = await deployment({ sweepGraceSeconds: '0' })
const aws = await startAws({ dynamodbUrl: process.env.DYNAMODB_LOCAL_URL, secret: apiTokenSecret })
let costs = ''
try {
  // Times first, while the machine is quiet and this process is small.
  if (isWanted('cold-receive')) add(await coldReceive(stack, loads.rounds * 3))
  if (isWanted('bundle-receive')) add(await bundleReceive(stack))
  if (isWanted('warm-receive')) add(await warmReceive(loads.rounds * 2, loads.calls))
  if (isWanted('warm-verify')) add(await warmVerify(loads.rounds * 2, loads.calls))
  if (isWanted('apply-requests', 'apply-write-units', 'apply-duplicates', 'apply-redelivered', 'cost-per-million')) {
    const counts = await countApply(aws, stack)
    add(...applyRows(counts))
    const receiving = { loggedBytes: await loggedForCallback(stack) }
    const sides = {
      ours: applyingOf(counts.mix.ours, 'together'),
      peer: applyingOf(counts.mix.peer, 'one by one'),
    }
    add(costRow(receiving, sides.ours, sides.peer))
    const smaller = values.short ? [] : await countBatchSizes(aws, stack, [10, 1])
    const sizes = [sides.ours, ...smaller.map(({ size, usage }) => applyingOf(usage, 'together', size))]
    const stored = Math.round(counts.mix.ours.storedBytes / counts.mix.ours.events)
    costs = [
      costTable(receiving, sides),
      batchSizeTable(receiving, sizes),
      `the event log keeps ${stored} bytes an event, index included: ${(stored * 1e-3 * prices.dynamodbGbMonth).toFixed(2)} USD a month for a million`,
    ].join('\n\n')
  }
  if (isWanted('apply-drain')) add(await applyDrain(aws, stack, loads.rounds, loads.drained))
  if (isWanted('room-page-requests', 'room-page-ms')) add(...(await roomPage(aws, stack, loads.rounds)))
  if (isWanted('sweep-seconds', 'sweep-memory-mib')) add(...(await sweep(stack, loads.rounds, loads.people)))
} finally {
  await aws.close()
  await stack.remove()
}

console.log(`${tableOf(rows)}\n`)
if (costs !== '') console.log(`${costs}\n`)
const whole =
  wanted === undefined && !values.short ? fileURLToPath(new URL('results.json', import.meta.url)) : undefined
const file = values.results ?? whole
if (file !== undefined) await writeFile(file, `${JSON.stringify(rows.map(resultOf), undefined, 2)}\n`)
if (values.counted) {
  const missed = rows
    .filter((row) => row.counted)
    .flatMap((row) => missedTargets(row).map((why) => `${row.name}: ${why}`))
  for (const line of missed) console.error(line)
  if (missed.length > 0) process.exitCode = 1
}
