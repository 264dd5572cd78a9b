import middy from '@middy/core'
import type { Context } from 'aws-lambda'
import type { ProjectionContent } from '../../core/projection/find-difference.ts'
import type { RebuildResponse, ReportedContent } from '../../core/projection/rebuild-response.ts'
import { withBudget } from '../deadline.ts'
import { describeAggregate } from '../describe-aggregate.ts'
import { confirmBudgetMs, searchBudgetMs, sendBudgetMs } from './budgets.ts'
import { confirm } from './confirm.ts'
import type { RebuildDependencies } from './dependencies.ts'
import { parseRequest } from './request.ts'
import { search } from './search.ts'

/** Lambda limits a response to 6 MB. */
const maxContentBytes = 20_000

/**
 * Compares stored projections with the log, reports the differences and, unless it is a dry run, puts a command on the event
 * queue for each of them. `apply-events` executes the commands: nothing else writes state (docs/contract.md, section 5).
 */
export function createHandler(dependencies: RebuildDependencies) {
  return middy<unknown, RebuildResponse>().handler(async (payload, context: Context) => {
    const deadline = { remainingMs: () => context.getRemainingTimeInMillis() }
    const request = parseRequest(payload)
    const found = await withBudget(searchBudgetMs(deadline), 'no time was left to search', (signal) =>
      search(dependencies, request, signal),
    )
    const { confirmed, unsettled } = await withBudget(
      confirmBudgetMs(deadline),
      'no time was left to confirm the differences',
      (signal) => confirm(dependencies, found.different, signal),
    )
    const commands = request.dry_run
      ? []
      : confirmed.map(({ aggregate }) => ({ command: 'rebuild', aggregate }) as const)
    await withBudget(sendBudgetMs(deadline), 'no time was left to send the commands', (signal) =>
      dependencies.commands.sendAll(commands, signal),
    )
    const counts = { checked: found.checked, different: confirmed.length, unsettled, commands: commands.length }
    const streams = confirmed.map(({ aggregate }) => describeAggregate(aggregate))
    dependencies.logger.info('projections compared with the log', { ...counts, streams })
    const differences = confirmed.map(({ aggregate, difference: { stored, folded } }) => {
      return { aggregate, stored: reportContent(stored), folded: reportContent(folded) }
    })
    return { ...counts, differences, cursor: found.cursor }
  })
}

function reportContent(content: ProjectionContent): ReportedContent {
  const bytes = Buffer.byteLength(JSON.stringify(content))
  return bytes <= maxContentBytes ? content : { omitted_bytes: bytes }
}
