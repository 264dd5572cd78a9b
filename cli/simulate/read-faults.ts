import { usageError } from '../cli-error.ts'
import { type Fault, faults } from './faults.ts'

/** Parses the option `--faults`, a comma list. @throws CliError */
export function readFaults(text: string): ReadonlySet<Fault> {
  const names = text.split(',').map((name) => name.trim())
  return new Set(
    names
      .filter((name) => name !== '')
      .map((name) => {
        const fault = faults.find((known) => known === name)
        if (fault !== undefined) return fault
        throw usageError({
          en: `--faults knows ${faults.join(', ')}, not "${name}"`,
          zh: `--faults 可选 ${faults.join('、')}，没有“${name}”`,
        })
      }),
  )
}
