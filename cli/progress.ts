import cliProgress from 'cli-progress'
import type { Text } from './language.ts'
import { inLanguage, type Terminal } from './terminal.ts'

/** Shows on standard error how far a command is. */
export interface Progress {
  /** @param status what else is worth knowing at the moment, such as the rate. */
  update(done: number, status?: string): void
  stop(): void
}

export interface ProgressOptions {
  readonly label: Text
  /** Undefined or 0 if it is not known: the number done is shown alone. */
  readonly total?: number
}

/** ms between two lines if the output is not a terminal. */
const linePeriodMs = 5_000

/** Starts a progress bar on a terminal, and plain lines, one in five seconds, elsewhere. */
export function startProgress(terminal: Terminal, options: ProgressOptions, now: () => number = Date.now): Progress {
  return terminal.isInteractive ? startBar(terminal, options) : startLines(terminal, options, now)
}

function startBar(terminal: Terminal, { label, total }: ProgressOptions): Progress {
  const counts = !total ? '{value}' : '{bar} {percentage}% | {value}/{total}'
  const bar = new cliProgress.SingleBar(
    {
      format: `${inLanguage(terminal, label)} ${counts} {status}`,
      stream: terminal.stderr as NodeJS.WriteStream,
      hideCursor: true,
      clearOnComplete: true,
      etaBuffer: 50,
      formatBar: cliProgress.Format.BarFormat,
    },
    cliProgress.Presets.shades_classic,
  )
  bar.start(total ?? 0, 0, { status: '' })
  return {
    update: (done, status = '') => bar.update(done, { status }),
    stop: () => bar.stop(),
  }
}

function startLines(terminal: Terminal, { label, total }: ProgressOptions, now: () => number): Progress {
  let lastLineAt = now()
  return {
    update(done, status) {
      if (now() - lastLineAt < linePeriodMs) return
      lastLineAt = now()
      const counts = !total ? `${done}` : `${done}/${total}`
      terminal.stderr.write(`${[inLanguage(terminal, label), counts, status].filter((part) => part).join(' ')}\n`)
    },
    stop: () => undefined,
  }
}
