import { setTimeout as delay } from 'node:timers/promises'
import type { ReportedDifference } from '../../core/projection/rebuild-response.ts'
import type { StatefulAggregateId } from '../../core/state/aggregate.ts'
import type { RebuildFunction, RebuildSelection } from './rebuild-function.ts'

export type Comparison = {
  readonly checked: number
  readonly different: number
  readonly unsettled: number
  readonly commands: number
  /** Continues the comparison; null if it is complete. */
  readonly cursor: string | null
  /** Why it is not complete. */
  readonly failure: unknown
}

export type ComparisonRequest = {
  readonly selection: RebuildSelection
  readonly isDryRun: boolean
  readonly cursor: string | null
}

/**
 * Compares the selected state with the log, page by page. Never throws.
 *
 * @param onPage called with each page.
 */
export async function compareState(
  rebuild: RebuildFunction,
  { selection, isDryRun, cursor: start }: ComparisonRequest,
  onPage: (soFar: Comparison, differences: readonly ReportedDifference[]) => void,
  signal: AbortSignal,
): Promise<Comparison> {
  let soFar: Comparison = { checked: 0, different: 0, unsettled: 0, commands: 0, cursor: start, failure: undefined }
  do {
    try {
      const page = await rebuild({ ...selection, dry_run: isDryRun, cursor: soFar.cursor }, signal)
      soFar = {
        checked: soFar.checked + page.checked,
        different: soFar.different + page.different,
        unsettled: soFar.unsettled + page.unsettled,
        commands: soFar.commands + page.commands,
        cursor: page.cursor,
        failure: undefined,
      }
      onPage(soFar, page.differences)
    } catch (failure) {
      return { ...soFar, failure }
    }
  } while (soFar.cursor !== null)
  return soFar
}

/** Beyond this number of selections, everything is compared again instead. */
const maxSelections = 100

/** Collects what has to be compared again after a repair. */
export class RepairedSelections {
  readonly #selections = new Map<string, RebuildSelection>()

  add(aggregate: StatefulAggregateId): void {
    const selection = selectionOf(aggregate)
    this.#selections.set(JSON.stringify(selection), selection)
  }

  /** @param everything what the command compared. */
  list(everything: RebuildSelection): readonly RebuildSelection[] {
    return this.#selections.size > maxSelections ? [everything] : [...this.#selections.values()]
  }
}

/** A room and its recordings are compared with everything in the room. */
function selectionOf(aggregate: StatefulAggregateId): RebuildSelection {
  switch (aggregate.kind) {
    case 'box':
      return { box_code: aggregate.box_code }
    case 'participant':
      return { room_id: aggregate.room_id, user_id: aggregate.user_id }
    default:
      return { room_id: aggregate.room_id }
  }
}

export type Waiting = {
  readonly maxWaitMs: number
  readonly betweenChecksMs: number
  /** @param compared number of selections that no longer differ, or never will in time. */
  onProgress(compared: number): void
}

/**
 * Compares repaired selections again until none differs any more: apply-events executes the commands in the order of the queue.
 *
 * @returns the number of aggregates that still differ when the time is over.
 * @throws if the function fails or the signal aborts.
 */
export async function waitForRepairs(
  rebuild: RebuildFunction,
  selections: readonly RebuildSelection[],
  { maxWaitMs, betweenChecksMs, onProgress }: Waiting,
  signal: AbortSignal,
): Promise<number> {
  const endsAt = Date.now() + maxWaitMs
  let remaining = 0
  for (const [index, selection] of selections.entries()) {
    for (;;) {
      const { different, unsettled, failure } = await compareState(
        rebuild,
        { selection, isDryRun: true, cursor: null },
        () => undefined,
        signal,
      )
      if (failure !== undefined) throw failure
      if (different + unsettled === 0) break
      if (Date.now() >= endsAt) {
        remaining += different
        break
      }
      await delay(betweenChecksMs, undefined, { signal })
    }
    onProgress(index + 1)
  }
  return remaining
}
