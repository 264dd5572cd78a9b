import { PortInUseError } from '@northbound/template-runner'
import { help, readCommandLine } from './command-line.ts'
import { formatGreeting, formatReadyLine } from './greeting.ts'
import { type LocalRun, startLocal } from './run.ts'
import { createStopHandler, isStartedByNpm, watchParent } from './stop-signals.ts'

// Lambda's clock is in UTC. A worker thread uses the time zone of its process, whatever its own TZ variable says.
process.env.TZ = 'UTC'

// Once the terminal is closed, every write fails. The events that were acknowledged must be applied all the same.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

const shutdown = new AbortController()
let run: LocalRun | undefined
const { onSignal, repetitionsOver } = createStopHandler(beginStop, () => process.exit(1))
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal)
if (isStartedByNpm()) watchParent(beginStop)

try {
  const { local, json, help: isHelp } = readCommandLine(process.argv.slice(2))
  if (isHelp) {
    process.stdout.write(help)
  } else {
    run = await startLocal({ ...local, signal: shutdown.signal })
    if (shutdown.signal.aborted) await stop(run)
    else process.stdout.write(json ? formatReadyLine(run) : formatGreeting(run, local.demo ?? false))
  }
} catch (error) {
  if (shutdown.signal.aborted) await exit(0)
  fail(error)
}

function fail(error: unknown): never {
  const reason = error instanceof Error ? error.message.split('\n', 1)[0] : String(error)
  const hint = error instanceof PortInUseError ? ': choose another with --port' : ''
  process.stderr.write(`northbound: ${reason}${hint}\n`)
  process.exit(1)
}

function beginStop(): void {
  if (shutdown.signal.aborted) return
  shutdown.abort()
  if (run) stop(run).catch(fail)
}

/** Exits with 1 if acknowledged events were not applied or a call was denied. */
async function stop(running: LocalRun): Promise<void> {
  const unapplied = await running.stop()
  const denied = running.denials.length
  if (denied > 0) process.stderr.write(`northbound: denied calls: ${denied}; see the lines that begin with DENIED\n`)
  await exit(denied + unapplied > 0 ? 1 : 0)
}

/** Once this process has ended, a repeated signal ends npm itself, which then reports 130 instead of the exit code. */
async function exit(code: number): Promise<never> {
  if (isStartedByNpm()) await repetitionsOver
  process.exit(code)
}
