import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** Prints the largest resident memory of the process in KB when it exits. */
const reportMemory = 'process.on("exit",()=>process.stderr.write("peak "+process.resourceUsage().maxRSS))'

/** Executes a command line in a process of its own. @returns its standard output, and its largest resident memory in MB. */
export async function measureCommand(argv: readonly string[]): Promise<{ stdout: string; peakMb: number }> {
  const flags = ['--import', `data:text/javascript,${encodeURIComponent(reportMemory)}`, 'bin/cli.ts']
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [...flags, ...argv], { maxBuffer: 1e7 })
  return { stdout, peakMb: Number(/peak (\d+)/.exec(stderr)?.[1]) / 1024 }
}
