import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/**
 * Prints the largest resident memory of the process in KB when it exits. On Linux it comes from /proc: `maxRSS` begins with what
 * the parent occupied when it created the process.
 */
const reportMemory = `
import { readFileSync } from 'node:fs'
const readPeak = () => {
  try {
    return /VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]
  } catch {
    return process.resourceUsage().maxRSS
  }
}
process.on('exit', () => process.stderr.write('peak ' + readPeak()))`

/** Executes a command line in a process of its own. @returns its standard output, and its largest resident memory in MB. */
export async function measureCommand(argv: readonly string[]): Promise<{ stdout: string; peakMb: number }> {
  const flags = ['--import', `data:text/javascript,${encodeURIComponent(reportMemory)}`, 'bin/cli.mjs']
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [...flags, ...argv], { maxBuffer: 1e7 })
  return { stdout, peakMb: Number(/peak (\d+)/.exec(stderr)?.[1]) / 1024 }
}
