import { z } from 'zod'

const notificationSchema = z.looseObject({
  MessageId: z.string(),
  TopicArn: z.string(),
  Message: z.string(),
  Subject: z.string().optional(),
  Timestamp: z.string(),
  MessageAttributes: z.record(z.string(), z.unknown()).default({}),
})

/** The JSON document that SNS sends to queues. */
export type SnsNotification = z.output<typeof notificationSchema>

export function parseNotification(body: string): SnsNotification {
  return notificationSchema.parse(JSON.parse(body))
}

/** Converts a notification to the event that SNS passes to a subscribed function. */
export function toSnsEvent(notification: SnsNotification, message: string, subscriptionArn: string): object {
  const { MessageId, TopicArn, Subject = null, Timestamp, MessageAttributes } = notification
  return {
    Records: [
      {
        EventVersion: '1.0',
        EventSubscriptionArn: subscriptionArn,
        EventSource: 'aws:sns',
        Sns: {
          Type: 'Notification',
          MessageId,
          TopicArn,
          Subject,
          Message: message,
          Timestamp,
          SignatureVersion: '1',
          Signature: 'local',
          SigningCertUrl: 'https://sns.us-east-1.amazonaws.com/SimpleNotificationService.pem',
          UnsubscribeUrl: `https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=${subscriptionArn}`,
          MessageAttributes,
        },
      },
    ],
  }
}
