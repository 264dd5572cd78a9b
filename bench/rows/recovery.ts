import { measureRecovery, type Outage, type Recovery } from '../recovery/outage.ts'
import type { BenchRow } from '../row.ts'

const services: readonly Outage['service'][] = ['dynamodb', 'sns', 'secretsmanager']

/** Limits of the recovery in seconds, by the seconds of the outage. */
const maxRecoverySeconds: ReadonlyMap<number, number> = new Map([
  [5, 30],
  [30, 60],
  [120, 120],
])

/**
 * Measures how long the system takes to catch up after outages under fifty callbacks a second. A row is the worst of the services.
 *
 * @param assembly folder of the cloud assembly.
 */
export async function measureRecoveries(
  assembly: string,
  outages: readonly number[],
): Promise<{ rows: BenchRow[]; report: string }> {
  const rows: BenchRow[] = []
  const lines: string[] = []
  for (const seconds of outages) {
    const recoveries: Recovery[] = []
    for (const service of services) {
      const recovery = await measureRecovery(assembly, { service, seconds })
      recoveries.push(recovery)
      const line = formatRecovery({ service, seconds }, recovery)
      process.stderr.write(`${line}\n`)
      lines.push(`  ${line}`)
    }
    rows.push({
      name: `recovery-seconds-${seconds}`,
      unit: `seconds after an outage of ${seconds} s, worst of ${services.length} services`,
      ours: [Math.max(...recoveries.map((recovery) => recovery.seconds))],
      peer: null,
      targets: { maxOurs: maxRecoverySeconds.get(seconds) ?? seconds },
      counted: false,
    })
  }
  return { rows, report: ['outages under 50 callbacks a second', ...lines].join('\n') }
}

function formatRecovery({ service, seconds }: Outage, recovery: Recovery): string {
  const { acknowledged, refused, repeated } = recovery
  const callbacks = `${acknowledged} callbacks acknowledged, ${refused} refused, ${repeated} repeated`
  return `${service}, ${seconds} s: caught up after ${recovery.seconds.toFixed(1)} s; ${callbacks}; none lost or doubled`
}
