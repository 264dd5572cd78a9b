import { Duration } from 'aws-cdk-lib'
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2'
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch'
import { Construct } from 'constructs'
import * as metricNames from '../names/metrics.ts'
import { type CallbackOutcome, readingDimension, refusalOutcomes } from '../names/outcomes.ts'
import * as sweepLog from '../names/sweep-log.ts'
import type { AlertNotifications } from './alert-notifications.ts'
import type { CallbackReceiver } from './callback-receiver.ts'
import type { ChatNotifications } from './chat-notifications.ts'
import type { DeadLetterRedriver } from './dead-letter-redriver.ts'
import type { EventApplier } from './event-applier.ts'
import type { EventQueues } from './event-queues.ts'
import type { MetricName } from './node-function.ts'
import type { Reconciler } from './reconciler.ts'
import type { RoomEventPublication } from './room-event-publication.ts'
import { secretsUnusableMetric } from './secret-alarm.ts'

export interface DashboardProps {
  readonly api: HttpApi
  readonly events: EventQueues
  readonly receiver: CallbackReceiver
  readonly applier: EventApplier
  readonly redriver: DeadLetterRedriver
  readonly reconciler: Reconciler
  readonly alerts: AlertNotifications
  readonly roomEvents: RoomEventPublication
  readonly chat: ChatNotifications | undefined
}

type Row = {
  readonly question: string
  readonly graphs: readonly cloudwatch.GraphWidgetProps[]
  /** Queries of logs. They cost only while the page is open. */
  readonly queries?: readonly cloudwatch.LogQueryWidgetProps[]
}

const period = Duration.minutes(5)
const pageWidth = 24
const graphHeight = 6

/** One page that answers an operator's questions, in the order of the data flow. */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id)
    const rows = [callbacks(props), refusals(props), queue(props), drift(props), notifications(props)]
    new cloudwatch.Dashboard(this, 'Page', {
      defaultInterval: Duration.hours(3),
      widgets: rows.flatMap(widgetsOf),
    })
  }
}

function callbacks({ receiver }: DashboardProps): Row {
  return {
    question: '1. 回调是否正常到达？ / Are callbacks coming in?',
    graphs: [
      graph('回调 / Callbacks', [
        acceptedCallbacks(receiver),
        callbackMetric(receiver, 'accepted_with_previous_key'),
        callbackMetric(receiver, 'accepted_unverified'),
        receiver.function.ownMetricByDimension(metricNames.otherReadings, readingDimension, period),
      ]),
      graph('响应时间（毫秒） / Response time (ms)', [
        receiver.function.metricDuration({ period, statistic: 'p50', label: 'p50' }),
        receiver.function.metricDuration({ period, statistic: 'p99', label: 'p99' }),
      ]),
    ],
  }
}

function refusals({ api, receiver }: DashboardProps): Row {
  return {
    question: '2. 是否有回调被拒绝？原因是什么？ / Are callbacks refused, and why?',
    graphs: [
      graph('按原因 / By reason', [
        ...refusalOutcomes.map((outcome) => callbackMetric(receiver, outcome)),
        secretsUnusableMetric(receiver),
      ]),
      graph('API 的 4xx 和 5xx 响应 / 4xx and 5xx responses of the API', [
        api.metricClientError({ period, statistic: 'Sum' }),
        api.metricServerError({ period, statistic: 'Sum' }),
      ]),
    ],
  }
}

function queue({ events, applier, redriver }: DashboardProps): Row {
  const { eventsApplied, eventsStale, eventsDuplicate, eventsQuarantined } = metricNames
  const { eventsTooLate, eventsFailed, eventsUnpublished, eventsUnknown, eventAge } = metricNames
  const { projectionsRebuilt, marksFailed, deadLettersRedriven } = metricNames
  const outcomes: readonly MetricName[] = [
    eventsApplied,
    eventsStale,
    eventsDuplicate,
    eventsQuarantined,
    eventsTooLate,
    eventsFailed,
    eventsUnpublished,
    eventsUnknown,
    projectionsRebuilt,
    marksFailed,
  ]
  return {
    question: '3. 队列是否及时处理？ / Is the queue draining?',
    graphs: [
      graph('等待处理的消息 / Messages waiting', [
        events.queue.metricApproximateNumberOfMessagesVisible({ period, label: 'queue' }),
        events.metricFairQueue('ApproximateNumberOfMessagesVisibleInQuietGroups', { period, label: 'quiet groups' }),
        events.deadLetters.metricApproximateNumberOfMessagesVisible({ period, label: 'dead letters' }),
      ]),
      graph(
        '最早消息的等待时间（秒），以及占用队列过多的房间 / Age of the oldest message (s), and noisy groups',
        [
          events.queue.metricApproximateAgeOfOldestMessage({ period, label: 'queue' }),
          events.metricFairQueue('ApproximateAgeOfOldestMessageInQuietGroups', { period, label: 'quiet groups' }),
        ],
        [events.metricFairQueue('ApproximateNumberOfNoisyGroups', { period, label: 'noisy groups' })],
      ),
      graph('处理结果 / Outcomes', [
        ...outcomes.map((name) => applierMetric(applier, name)),
        redriver.function.ownMetric(deadLettersRedriven, { label: deadLettersRedriven, period }),
      ]),
      graph('从接收到更新状态的时间（毫秒） / Time from receipt to state (ms)', [
        applier.function.ownMetric(eventAge, { period, statistic: 'p50', label: 'p50' }),
        applier.function.ownMetric(eventAge, { period, statistic: 'p99', label: 'p99' }),
      ]),
    ],
  }
}

function drift({ reconciler }: DashboardProps): Row {
  const { driftFound, corrections, sweepFailures, callbackSilence } = metricNames
  const { roomsObserved, roomsStored, usersObserved, usersStored } = sweepLog
  const sweeps = (name: MetricName, statistic: string) =>
    reconciler.function.ownMetric(name, { label: name, period, statistic })
  return {
    question: '4. 状态与平台是否一致？ / Does the state match the platform?',
    graphs: [
      graph('差异数和修正事件 / Differences and corrections', [
        sweeps(driftFound, 'Maximum'),
        sweeps(corrections, 'Sum'),
      ]),
      graph(
        '核对失败次数，以及有用户但无回调的秒数 / Failed sweeps, and seconds with people but no callbacks',
        [sweeps(sweepFailures, 'Sum')],
        [sweeps(callbackSilence, 'Maximum')],
      ),
    ],
    queries: [
      sweepQuery(reconciler, '房间 / Rooms', [roomsObserved, roomsStored]),
      sweepQuery(reconciler, '用户 / Users', [usersObserved, usersStored]),
    ],
  }
}

function notifications({ applier, alerts, roomEvents, chat }: DashboardProps): Row {
  const { alertsSent, alertsSuppressed } = metricNames
  return {
    question: '5. 通知是否送达？ / Are notifications delivered?',
    graphs: [
      graph('告警 / Alerts', [applierMetric(applier, alertsSent), applierMetric(applier, alertsSuppressed)]),
      graph('邮件和短信 / E-mail and SMS', [
        alerts.topic.metricNumberOfNotificationsDelivered({ period }),
        alerts.topic.metricNumberOfNotificationsFailed({ period }),
      ]),
      graph('房间事件 / Room events', [
        roomEvents.topic.metricNumberOfMessagesPublished({ period }),
        roomEvents.topic.metricNumberOfNotificationsFailed({ period }),
      ]),
      ...(chat === undefined ? [] : [robots(chat)]),
    ],
  }
}

function robots({ queue, function: notifyChat }: ChatNotifications): cloudwatch.GraphWidgetProps {
  const statistic = 'Maximum'
  return graph(
    '群机器人 / Group robots',
    [
      queue.metricApproximateNumberOfMessagesVisible({ period, statistic, label: 'new' }),
      queue.metricApproximateNumberOfMessagesNotVisible({ period, statistic, label: 'waiting' }),
    ],
    [notifyChat.ownMetric(metricNames.robotsUnavailable, { period })],
  )
}

/** Invocations minus refusals: accepted callbacks have no metric of their own, because Lambda counts invocations for free. */
function acceptedCallbacks(receiver: CallbackReceiver): cloudwatch.IMetric {
  return new cloudwatch.MathExpression({
    label: 'accepted',
    expression: `all - ${refusalOutcomes.map((outcome) => `FILL(${outcome}, 0)`).join(' - ')}`,
    usingMetrics: {
      all: receiver.function.metricInvocations({ period }),
      ...Object.fromEntries(refusalOutcomes.map((outcome) => [outcome, callbackMetric(receiver, outcome)])),
    },
    period,
  })
}

function callbackMetric(receiver: CallbackReceiver, outcome: CallbackOutcome): cloudwatch.IMetric {
  return receiver.function.ownMetric(metricNames.callbacks, { outcome, label: outcome, period })
}

function applierMetric(applier: EventApplier, name: MetricName): cloudwatch.IMetric {
  return applier.function.ownMetric(name, { label: name, period })
}

/** @param right metrics with an axis of their own, on the right. */
function graph(
  title: string,
  left: cloudwatch.IMetric[],
  right: cloudwatch.IMetric[] = [],
): cloudwatch.GraphWidgetProps {
  return { title, left, right, height: graphHeight, leftYAxis: { min: 0 }, rightYAxis: { min: 0 }, liveData: true }
}

/** The maximum of fields in the log lines of sweeps, over time. */
function sweepQuery(reconciler: Reconciler, title: string, fields: readonly string[]): cloudwatch.LogQueryWidgetProps {
  const maxima = fields.map((field) => `max(${field})`).join(', ')
  return {
    title,
    logGroupNames: [reconciler.function.logGroup.logGroupName],
    queryLines: [`filter message = '${sweepLog.message}'`, `stats ${maxima} by bin(${period.toMinutes()}m)`],
    view: cloudwatch.LogQueryVisualizationType.LINE,
    height: graphHeight,
  }
}

/** The question as a heading, and below it the graphs and queries side by side. */
function widgetsOf({ question, graphs, queries = [] }: Row): cloudwatch.IWidget[][] {
  const width = Math.floor(pageWidth / (graphs.length + queries.length))
  return [
    [new cloudwatch.TextWidget({ markdown: `## ${question}`, width: pageWidth, height: 1 })],
    [
      ...graphs.map((props) => new cloudwatch.GraphWidget({ ...props, width })),
      ...queries.map((props) => new cloudwatch.LogQueryWidget({ ...props, width })),
    ],
  ]
}
