import type { BenchRow } from '../row.ts'
import { measureSecretOutage, type SecretOutage, type SecretOutageOutcome } from '../secret-outage/run.ts'
import { percentile } from '../storm/summary.ts'

export const secretOutageStarts: readonly SecretOutage['start'][] = ['cold', 'warm']

/**
 * Counts what is lost in an outage of Secrets Manager under twenty callbacks a second. The process fails if anything is wrong.
 *
 * @param assembly folder of the cloud assembly.
 */
export async function measureSecretOutages(
  assembly: string,
  starts: readonly SecretOutage['start'][],
  seconds: number,
): Promise<{ rows: BenchRow[]; report: string }> {
  const rows: BenchRow[] = []
  const lines: string[] = []
  for (const start of starts) {
    const outcome = await measureSecretOutage(assembly, { start, seconds })
    const text = formatOutcome({ start, seconds }, outcome)
    process.stderr.write(`${text}\n`)
    lines.push(text)
    if (outcome.mistakes.length > 0) process.exitCode = 1
    rows.push({
      name: `secret-outage-${start}-lost`,
      unit: `genuine callbacks lost in ${seconds} s without Secrets Manager`,
      ours: [outcome.lost],
      peer: null,
      targets: { maxOurs: 0 },
      counted: true,
    })
  }
  return { rows, report: ['Secrets Manager fails under 20 callbacks a second', ...lines].join('\n') }
}

function formatOutcome({ start, seconds }: SecretOutage, outcome: SecretOutageOutcome): string {
  const { answers, genuine, unverified, dropped, applied, maxInFlight, retries } = outcome
  return [
    `  ${start}, ${seconds} s: caught up after ${outcome.drainSeconds.toFixed(1)} s`,
    `    sent ${answers.sent}, ${genuine} of them genuine: 200 ${answers.accepted}, 401 ${answers.refused}, 503 ${answers.unavailable}, others ${answers.others}`,
    `    queued unverified ${unverified}, of them dropped later ${dropped}; at most ${maxInFlight} in flight, ${retries} retries`,
    `    genuine events in the log ${applied}; lost or in the log twice ${outcome.lost}; ${outcome.mistakes.join('; ') || 'no mistakes'}`,
    `    answers ${formatMs(outcome.answerMs)}`,
    `    until published: verified callbacks ${formatMs(outcome.verifiedDelayMs)}; events sent to the queue directly ${formatMs(outcome.directDelayMs)}`,
  ].join('\n')
}

function formatMs(samples: readonly number[]): string {
  if (samples.length === 0) return 'none'
  const sorted = samples.toSorted((a, b) => a - b)
  const [median, p99, max] = [0.5, 0.99, 1].map((share) => Math.round(percentile(sorted, share)))
  return `${median} ms (median), ${p99} ms (99 %), ${max} ms (maximum)`
}
