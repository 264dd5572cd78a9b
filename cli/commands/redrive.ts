import { SQSClient } from '@aws-sdk/client-sqs'
import { countMessages } from '../../adapters/sqs/count-messages.ts'
import { sqsDeadLetterQueue } from '../../adapters/sqs/dead-letter-queue.ts'
import { CliError, exitCodes } from '../cli-error.ts'
import { createInstallationCommand } from '../create-command.ts'
import { describeError } from '../describe-error.ts'
import { findInstallation } from '../installation.ts'
import { collectText } from '../option-texts.ts'
import { readRate } from '../pace.ts'
import { optionsOfPeriod, readTime, toPeriod } from '../period-options.ts'
import { type Progress, startProgress } from '../progress.ts'
import { LetterCounts } from '../redrive/letter-counts.ts'
import { maxPutBackSeconds, type RedriveWatcher, redriveLetters } from '../redrive/redrive-letters.ts'
import { toJson, toLines } from '../redrive/report.ts'
import { inLanguage, printResult, type Terminal } from '../terminal.ts'

/** Dead letters that a slow connection receives in a second. */
const scanRate = 400
const minHiddenSeconds = 5
const maxHiddenSeconds = 600

/** `redrive`: puts dead letters back on the event queue. */
export function redriveCommand(terminal: Terminal) {
  const period = optionsOfPeriod(terminal)
  return createInstallationCommand(
    terminal,
    'redrive',
    {
      en: 'puts dead letters (events that failed for a day) back on the event queue, all or those of an event, a room and a time',
      zh: '将处理失败的事件（死信）重新投递到事件队列，可按事件、房间和时间筛选',
    },
    ['--stack Northbound --dry-run', '--stack Northbound --room 1001 --event leave --from 2026-11-26T08:00+08:00'],
  )
    .option(
      '--event <event>',
      inLanguage(terminal, { en: 'only this event; may be repeated', zh: '只处理该事件，可重复' }),
      collectText,
    )
    .option('--room <room_id>', inLanguage(terminal, { en: 'only this room', zh: '只处理该房间' }))
    .option('--from <time>', period.from, readTime('--from'))
    .option('--to <time>', period.to, readTime('--to'))
    .option(
      '--rate <n>',
      inLanguage(terminal, { en: 'at most so many a second', zh: '每秒最多投递的条数' }),
      readRate,
      100,
    )
    .option(
      '--dead-letter-queue <url>',
      inLanguage(terminal, {
        en: 'another queue to take them from: that of a stack that was destroyed',
        zh: '改从该死信队列取出，例如已删除的堆栈所保留的队列',
      }),
    )
    .option('--dry-run', inLanguage(terminal, { en: 'only count them', zh: '只统计，不投递' }))
    .action(async (options) => {
      const { event, room, rate, dryRun: isDryRun = false } = options
      const filter = { events: event && new Set(event), room_id: room, period: toPeriod(options) }
      const { output, clients } = await findInstallation(options, terminal.signal)
      const client = new SQSClient(clients)
      const deadLetterQueueUrl = options.deadLetterQueue ?? output('DeadLetterQueueUrl')
      const visible = await countMessages(client, deadLetterQueueUrl, ['visible'], terminal.signal)
      const hiddenSeconds = hiddenSecondsOf(visible, isDryRun ? Number.POSITIVE_INFINITY : rate)
      const queue = sqsDeadLetterQueue({
        client,
        deadLetterQueueUrl,
        eventQueueUrl: output('EventQueueUrl'),
        hiddenSeconds,
      })
      const counts = new LetterCounts()
      const watcher = watch(terminal, visible)
      const result = await redriveLetters(queue, { filter, rate, isDryRun }, counts, watcher, terminal.signal)
      const heldElsewhere = await countMessages(client, deadLetterQueueUrl, ['in_flight']).catch(() => 0)
      const report = { isDryRun, counts, result, heldElsewhere }
      printResult(terminal, options, { json: toJson(report), lines: toLines(terminal, report) })
      if (result.failure !== undefined) throw toCliError(result.failure)
      if (result.end !== 'complete')
        terminal.exitCode = terminal.signal.aborted ? exitCodes.interrupted : exitCodes.failure
    })
}

/**
 * How long dead letters stay hidden: until all are seen, and those of a round are put back. A run that is killed leaves them
 * hidden for the rest of that time.
 */
function hiddenSecondsOf(visible: number, rate: number): number {
  const putBackSeconds = Math.min(maxPutBackSeconds, visible / rate)
  return Math.min(maxHiddenSeconds, Math.ceil(minHiddenSeconds + visible / scanRate + putBackSeconds))
}

function watch(terminal: Terminal, visible: number): RedriveWatcher {
  let progress: Progress | undefined
  const end = () => {
    progress?.stop()
    progress = undefined
  }
  const start = (en: string, zh: string, total: number) => {
    end()
    progress = startProgress(terminal, { label: { en, zh }, total })
  }
  return {
    startScan: () => start('Looking at dead letters', '查看处理失败的事件', visible),
    startPutBack: (total) => start('Putting dead letters back', '重新投递', total),
    update: (done) => progress?.update(done),
    end,
  }
}

function toCliError(error: unknown): CliError {
  const reason = describeError(error, 'en')
  return new CliError(
    {
      en: `stopped by an error: ${reason}. No dead letter is lost; repeat the command to continue`,
      zh: `因错误停止：${reason}。处理失败的事件没有丢失，重新执行该命令即可继续`,
    },
    exitCodes.failure,
    { cause: error },
  )
}
