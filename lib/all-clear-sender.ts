import { Duration } from 'aws-cdk-lib'
import * as events from 'aws-cdk-lib/aws-events'
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets'
import { Construct } from 'constructs'
import { acknowledge } from './acknowledge.ts'
import type { AlertNotifications } from './alert-notifications.ts'
import { NodeFunction } from './node-function.ts'
import { RunbookAlarm } from './runbook-alarm.ts'
import type { Settings } from './settings.ts'

export interface AllClearSenderProps {
  readonly alerts: AlertNotifications
  readonly settings: Pick<Settings, 'timeZone' | 'logRetentionDays'>
}

/** Characters of alarm names in one event pattern. EventBridge accepts patterns of 2,048 characters. */
const maxNamesLength = 1500

/**
 * The function that publishes the all-clear of each alarm of the installation, and the rules that invoke it. An action of the
 * alarms themselves would also notify when a new alarm is evaluated for the first time (docs/decisions/0049).
 *
 * It must be created after all alarms.
 */
export class AllClearSender extends Construct {
  constructor(scope: Construct, id: string, props: AllClearSenderProps) {
    super(scope, id)
    const sendAllClear = this.createFunction(props)
    const alarms = scope.node.findAll().filter((construct) => construct instanceof RunbookAlarm)
    for (const [index, alarmName] of splitByLength(alarms.map(({ fixedName }) => fixedName)).entries()) {
      const rule = new events.Rule(this, `Recoveries${index}`, {
        description: 'An alarm of Northbound has returned from ALARM to OK',
        eventPattern: {
          source: ['aws.cloudwatch'],
          detailType: ['CloudWatch Alarm State Change'],
          detail: { alarmName, state: { value: ['OK'] }, previousState: { value: ['ALARM'] } },
        },
        targets: [new LambdaFunction(sendAllClear)],
      })
      acknowledge(rule, {
        'Serverless-EventBusDLQ':
          'EventBridge repeats an invocation that Lambda does not accept for a day. Afterwards, an all-clear is of no use.',
      })
    }
  }

  private createFunction({ alerts, settings }: AllClearSenderProps): NodeFunction {
    const sendAllClear = new NodeFunction(this, 'SendAllClear', {
      service: 'send-all-clear',
      description: 'Publishes the all-clear of an alarm',
      timeout: Duration.seconds(30),
      memoryMb: 256,
      settings,
      environment: { ALERT_TOPIC_ARN: alerts.topic.topicArn, TIME_ZONE: settings.timeZone },
    })
    acknowledge(sendAllClear, {
      'Serverless-LambdaAsyncFailureDestination':
        'The alarm all-clear-lost reports an all-clear that could not be sent after two retries. The state of each alarm is in the CloudWatch console.',
    })
    alerts.allowPublish(sendAllClear)
    new RunbookAlarm(this, 'AllClearLost', {
      topic: alerts.topic,
      metric: sendAllClear.metric('AsyncEventsDropped', { period: Duration.minutes(5), statistic: 'Sum' }),
      threshold: 1,
      impact: {
        chinese: '告警解除通知未能发出：有告警已恢复正常，但没有通知。请在 CloudWatch 控制台查看各告警的当前状态。',
        english:
          'An all-clear could not be sent: an alarm is over, but no one was told. The CloudWatch console shows the current state of each alarm.',
      },
    })
    return sendAllClear
  }
}

function splitByLength(names: readonly string[]): string[][] {
  const groups: string[][] = []
  let charactersLeft = 0
  for (const name of names) {
    const characters = JSON.stringify(name).length + 1
    charactersLeft -= characters
    if (charactersLeft < 0) {
      groups.push([])
      charactersLeft = maxNamesLength - characters
    }
    groups.at(-1)?.push(name)
  }
  return groups
}
