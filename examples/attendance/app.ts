#!/usr/bin/env node
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib'
import { SubscriptionFilter } from 'aws-cdk-lib/aws-sns'
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import { Northbound } from 'northbound'

// A stack that contains the receiver and a queue of ended sessions. A session ends with a leave or with the close of its room, so the
// queue gets both; each message has the user, the room and the session.

const app = new App()
const stack = new Stack(app, 'Attendance')

const northbound = new Northbound(stack, 'Northbound', {
  alertEmails: ['ops@example.com'],
  sweepMinutes: 5,
  timeZone: 'Asia/Shanghai',
})

const endedSessions = new Queue(stack, 'EndedSessions', {
  encryption: QueueEncryption.SQS_MANAGED,
  enforceSSL: true,
  retentionPeriod: Duration.days(14),
})
northbound.roomEventTopic.addSubscription(
  new SqsSubscription(endedSessions, {
    rawMessageDelivery: true,
    filterPolicy: { event: SubscriptionFilter.stringFilter({ allowlist: ['leave', 'session_ended'] }) },
  }),
)

new CfnOutput(stack, 'CallbackUrl', { value: northbound.callbackUrl })
new CfnOutput(stack, 'EndedSessionsQueueUrl', { value: endedSessions.queueUrl })
