import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { SNSClient } from '@aws-sdk/client-sns'
import { documentClient } from '../../adapters/dynamodb/client.ts'
import { snsRoomEventTopic } from '../../adapters/sns/room-event-topic.ts'
import { CliError, exitCodes, usageError } from '../cli-error.ts'
import { createInstallationCommand } from '../create-command.ts'
import { describeError } from '../describe-error.ts'
import { findInstallation, type Installation } from '../installation.ts'
import { collectText } from '../option-texts.ts'
import { readRate } from '../pace.ts'
import { optionsOfPeriod, readTime, toPeriod } from '../period-options.ts'
import { startProgress } from '../progress.ts'
import { Census, type ReplayFilter } from '../replay/census.ts'
import { dynamodbLoggedEvents, type LoggedEvents } from '../replay/logged-events.ts'
import { readPosition } from '../replay/position.ts'
import { publishAgain, type ReplayOptions, type ReplayResult } from '../replay/publish-again.ts'
import { positionToContinue, toJson, toLines } from '../replay/report.ts'
import { inLanguage, printResult, type Terminal } from '../terminal.ts'

/** `replay`: publishes logged events again. */
export function replayCommand(terminal: Terminal) {
  const period = optionsOfPeriod(terminal)
  return createInstallationCommand(
    terminal,
    'replay',
    {
      en: 'publishes logged events again on the room-event topic, with the same ids, for subscribers that missed them',
      zh: '向房间事件主题重新发布日志中的事件（id 不变），供漏收的订阅者使用',
    },
    [
      '--stack Northbound --from 2026-11-26T08:00+08:00 --to 2026-11-26T09:00+08:00 --dry-run',
      '--stack Northbound --room 1001 --event leave --event session_ended',
    ],
  )
    .option('--room <room_id>', inLanguage(terminal, { en: 'only this room', zh: '只处理该房间' }))
    .option('--from <time>', period.from, readTime('--from'))
    .option('--to <time>', period.to, readTime('--to'))
    .option(
      '--event <event>',
      inLanguage(terminal, { en: 'only this event; may be repeated', zh: '只处理该事件，可重复' }),
      collectText,
    )
    .option(
      '--rate <n>',
      inLanguage(terminal, { en: 'at most so many a second', zh: '每秒最多发布的条数' }),
      readRate,
      100,
    )
    .option(
      '--after <position>',
      inLanguage(terminal, { en: 'continues a run that ended early', zh: '从上次中断处继续' }),
      readPosition,
    )
    .option('--dry-run', inLanguage(terminal, { en: 'only count them', zh: '只统计，不发布' }))
    .action(async (options) => {
      const filter = toFilter(options)
      const found = await findInstallation(options, terminal.signal)
      const log = openLog(found, terminal.signal)
      const census = await takeCensus(terminal, log, filter)
      const { rate, after } = options
      const result =
        options.dryRun === true
          ? undefined
          : await publish(terminal, found, log, census, { filter, sources: census.sources(), rate, after })
      printResult(terminal, options, { json: toJson({ census, result }), lines: toLines(terminal, { census, result }) })
      if (terminal.signal.aborted) terminal.exitCode = exitCodes.interrupted
      else if (result?.failure !== undefined) throw toCliError(result)
    })
}

/** @throws CliError without a room or an interval: the whole log would be published again. */
function toFilter(options: {
  readonly room?: string | undefined
  readonly from?: number | undefined
  readonly to?: number | undefined
  readonly event?: readonly string[] | undefined
}): ReplayFilter {
  const { room, from, to = Date.now(), event } = options
  if (room === undefined && from === undefined)
    throw usageError({
      en: 'give --room, or --from for all rooms: otherwise the whole log would be published again',
      zh: '请指定 --room，或用 --from 处理所有房间；否则会重新发布整个日志',
    })
  return { room_id: room, events: event && new Set(event), period: toPeriod({ from, to }) }
}

function openLog({ clients, output }: Installation, signal: AbortSignal): LoggedEvents {
  return dynamodbLoggedEvents({
    client: documentClient(new DynamoDBClient(clients)),
    eventLogTable: output('EventLogTableName'),
    stateTable: output('StateTableName'),
    signal,
  })
}

async function takeCensus(terminal: Terminal, log: LoggedEvents, filter: ReplayFilter): Promise<Census> {
  const census = new Census(filter)
  const progress = startProgress(terminal, { label: { en: 'Counting events', zh: '统计事件' } })
  try {
    for await (const entries of log.scan(filter.room_id, filter.period)) {
      for (const entry of entries) census.add(entry)
      progress.update(census.logged)
      terminal.signal.throwIfAborted()
    }
  } finally {
    progress.stop()
  }
  return census
}

async function publish(
  terminal: Terminal,
  { clients, output }: Installation,
  log: LoggedEvents,
  census: Census,
  options: ReplayOptions,
): Promise<ReplayResult> {
  const topic = snsRoomEventTopic(new SNSClient(clients), output('RoomEventTopicArn'))
  const label = { en: 'Publishing', zh: '重新发布' }
  const progress = startProgress(terminal, { label, total: census.logged })
  const result = await publishAgain(log, topic, options, ({ read }) => progress.update(read), terminal.signal)
  progress.stop()
  return result
}

function toCliError(result: ReplayResult): CliError {
  const position = positionToContinue(result)
  const again = position === null ? '' : ` --after ${position}`
  return new CliError(
    {
      en: `stopped by an error: ${describeError(result.failure, 'en')}; continue with the same command${again}`,
      zh: `因错误停止：${describeError(result.failure, 'zh')}；请用相同的命令继续${again}`,
    },
    exitCodes.failure,
    { cause: result.failure },
  )
}
