import { generateSchool } from '@northbound/avd-simulator'
import { StartupError } from '@northbound/template-runner'
import type { LocalOptions } from './local-options.ts'

const maxWeeks = 8
const daysPerWeek = 7

/** The values of the command-line options that matter for the history. */
export interface HistoryArguments {
  readonly history?: string | undefined
  readonly demo?: boolean | undefined
  readonly avd?: string | undefined
  readonly dynamodb?: string | undefined
}

/** @throws StartupError if the option is invalid, or another one contradicts it. */
export function readHistoryOption({ history, demo, avd, dynamodb }: HistoryArguments): Pick<LocalOptions, 'history'> {
  if (history === undefined) return {}
  const weeks = Number(/^weeks=(\d+)$/.exec(history)?.[1])
  if (!(weeks >= 1 && weeks <= maxWeeks))
    throw new StartupError(`--history must be weeks=N with 1 to ${maxWeeks} weeks, not "${history}"`)
  if (demo || avd !== undefined)
    throw new StartupError('--history cannot be combined with --demo or --avd: their platform does not know its rooms')
  if (dynamodb !== undefined)
    throw new StartupError('--history fills new tables and cannot be combined with --dynamodb')
  return { history: (endAt) => generateSchool({ endAt, days: weeks * daysPerWeek }) }
}
