import { Duration } from 'aws-cdk-lib'
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2'
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch'
import { Construct } from 'constructs'
import type { AlertTopic } from './alert-topic.ts'
import type { CallbackReceiver } from './callback-receiver.ts'
import type { EventApplier } from './event-applier.ts'
import type { EventQueue } from './event-queue.ts'
import type { Reconciler } from './reconciler.ts'
import type { RoomEventTopic } from './room-event-topic.ts'

export interface DashboardProps {
  readonly api: HttpApi
  readonly events: EventQueue
  readonly receiver: CallbackReceiver
  readonly applier: EventApplier
  readonly reconciler: Reconciler
  readonly alerts: AlertTopic
  readonly roomEvents: RoomEventTopic
}

const period = Duration.minutes(5)
const fullWidth = 24
const height = 6

/** The refusals of receive-callback, by the cause that it counts. */
const refusals = [
  'check_code_missing',
  'check_code_wrong',
  'identity_missing',
  'unreadable',
  'address_not_allowed',
  'method_not_allowed',
  'too_large',
  'queue_unavailable',
  'failed',
]

/** One page that answers, from top to bottom, what somebody asks who is woken by an alarm. */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id)
    const { api, events, receiver, applier, reconciler, alerts, roomEvents } = props
    const callbacks = (outcome: string) => receiver.function.ownMetric('Callbacks', { outcome, label: outcome, period })
    const applied = (name: string) => applier.function.ownMetric(name, { label: name, period })
    const sweeps = (name: string, statistic: string) =>
      reconciler.function.ownMetric(name, { label: name, period, statistic })

    new cloudwatch.Dashboard(this, 'Page', {
      defaultInterval: Duration.hours(3),
      widgets: [
        ...row('1. 回调进来了吗? / Are callbacks coming in?', [
          graph('回调 / callbacks', [
            // Lambda counts invocations for nothing; of what is accepted, no metric is paid for.
            new cloudwatch.MathExpression({
              label: 'accepted',
              expression: `all - ${refusals.map((outcome) => `FILL(${outcome}, 0)`).join(' - ')}`,
              usingMetrics: {
                all: receiver.function.metricInvocations({ period }),
                ...Object.fromEntries(refusals.map((outcome) => [outcome, callbacks(outcome)])),
              },
              period,
            }),
            callbacks('accepted_with_previous_key'),
          ]),
          graph('应答时间 / time to answer, ms', [
            receiver.function.metricDuration({ period, statistic: 'p50', label: 'p50' }),
            receiver.function.metricDuration({ period, statistic: 'p99', label: 'p99' }),
          ]),
        ]),
        ...row('2. 有没有被拒绝, 为什么? / Are they refused, and why?', [
          graph('按原因 / by cause', refusals.map(callbacks)),
          graph('接口的 4xx 和 5xx / 4xx and 5xx at the API', [
            api.metricClientError({ period, statistic: 'Sum' }),
            api.metricServerError({ period, statistic: 'Sum' }),
          ]),
        ]),
        ...row('3. 队列在消化吗? / Is the queue draining?', [
          graph('等待中 / waiting', [
            events.queue.metricApproximateNumberOfMessagesVisible({ period, label: 'queue' }),
            events.deadLetters.metricApproximateNumberOfMessagesVisible({ period, label: 'dead messages' }),
          ]),
          graph('最老的消息, 秒 / oldest message, s', [events.queue.metricApproximateAgeOfOldestMessage({ period })]),
          graph('处理结果 / outcomes', [
            ...['EventsApplied', 'EventsStale', 'EventsDuplicate', 'EventsQuarantined'].map(applied),
            ...['EventsFailed', 'EventsUntold', 'EventsUnknown'].map(applied),
          ]),
          graph('从收到到处理, 毫秒 / from receipt to state, ms', [
            applier.function.ownMetric('EventAge', { period, statistic: 'p50', label: 'p50' }),
            applier.function.ownMetric('EventAge', { period, statistic: 'p99', label: 'p99' }),
          ]),
        ]),
        ...row('4. 状态有偏差吗? / Is state drifting?', [
          graph('偏差与纠正 / drift and corrections', [sweeps('DriftFound', 'Maximum'), sweeps('Corrections', 'Sum')]),
          graph('对账失败 / failed sweeps', [sweeps('SweepFailures', 'Sum')]),
          graph('房间 / rooms', [sweeps('RoomsObserved', 'Maximum'), sweeps('RoomsStored', 'Maximum')]),
          graph('人员 / people', [sweeps('UsersObserved', 'Maximum'), sweeps('UsersStored', 'Maximum')]),
        ]),
        ...row('5. 通知到人了吗? / Are people being told?', [
          graph('告警 / alerts', ['AlertsSent', 'AlertsSuppressed'].map(applied)),
          graph('邮件和短信 / e-mails and texts', [
            alerts.topic.metricNumberOfNotificationsDelivered({ period }),
            alerts.topic.metricNumberOfNotificationsFailed({ period }),
          ]),
          graph('房间事件 / room events', [
            roomEvents.topic.metricNumberOfMessagesPublished({ period }),
            roomEvents.topic.metricNumberOfNotificationsFailed({ period }),
          ]),
        ]),
      ],
    })
  }
}

function graph(title: string, left: cloudwatch.IMetric[]): cloudwatch.GraphWidgetProps {
  return { title, left, height, leftYAxis: { min: 0 }, liveData: true }
}

/** A question, and beneath it the figures that answer it, side by side. */
function row(question: string, graphs: readonly cloudwatch.GraphWidgetProps[]): cloudwatch.IWidget[][] {
  const width = Math.floor(fullWidth / graphs.length)
  return [
    [new cloudwatch.TextWidget({ markdown: `## ${question}`, width: fullWidth, height: 1 })],
    graphs.map((props) => new cloudwatch.GraphWidget({ ...props, width })),
  ]
}
