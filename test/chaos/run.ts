import { parseArgs } from 'node:util'
import { type ChaosReport, runChaos } from './chaos.ts'

// Usage: npm run chaos -- [--seed S] [--minutes M] [--rate N] [--visibility SECONDS] [--json]
// Runs the system with random traffic and faults. The exit code is 1 if an acknowledged event is lost or counts twice.

process.env.TZ = 'UTC'
process.env.NORTHBOUND_SETTINGS_FILE = ''

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    minutes: { type: 'string', default: '1' },
    rate: { type: 'string', default: '30' },
    visibility: { type: 'string', default: '65' },
    json: { type: 'boolean', default: false },
  },
})
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : readNumber('seed', values.seed)
const durationMs = readNumber('minutes', values.minutes) * 60_000
// Before the run, so that it is known if the run itself fails.
process.stderr.write(`chaos: --seed ${seed}\n`)
const report = await runChaos({
  seed,
  durationMs,
  perSecond: readNumber('rate', values.rate),
  visibilityTimeoutSeconds: readNumber('visibility', values.visibility),
})
process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : format(report))
process.exit(report.mistakes.length === 0 ? 0 : 1)

function readNumber(option: string, text: string): number {
  const number = Number(text)
  if (text.trim() !== '' && number >= 0 && number <= 2 ** 31) return number
  process.stderr.write(`chaos: --${option} must be a number, not "${text}"\n`)
  process.exit(2)
}

function format({ seed, seconds, mistakes, sent, responses, faults, ...figures }: ChaosReport): string {
  const list = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ')
  return [
    `seed ${seed}, ${seconds} s`,
    `callbacks sent: ${list(sent)}; responses: ${list(responses)}`,
    `acknowledged ${figures.acknowledged}, in the log ${figures.logged}, repeated ${figures.repeated}`,
    `sweeps ${figures.sweeps.succeeded}, failed ${figures.sweeps.failed}; corrections ${figures.corrections}`,
    `lost ${figures.lost}, in the log twice ${figures.doubled}`,
    `faults: ${list(faults)}`,
    `recovered after ${figures.recoverySeconds} s`,
    mistakes.length === 0 ? 'nothing is lost, and nothing counts twice' : `MISTAKES: ${mistakes.join('; ')}`,
    '',
  ].join('\n')
}
