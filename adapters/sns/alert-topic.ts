import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns'
import type { Alert } from '../../core/notifications/alert.ts'
import { encodeMessage } from '../../core/protocol/envelope.ts'
import { acceptable, stringAttributes } from './client.ts'

/** Tells people and programs through the alert topic: each subscriber gets what its protocol is meant for. */
export function snsAlertTopic(client: SNSClient, topicArn: string) {
  return {
    /** @throws where the topic did not take it. */
    async publish({ payload, attributes, subject, email, sms }: Alert): Promise<void> {
      await client.send(
        new PublishCommand({
          TopicArn: topicArn,
          Subject: subject,
          MessageStructure: 'json',
          Message: encodeMessage({ default: encodeMessage(payload), email: acceptable(email), sms: acceptable(sms) }),
          MessageAttributes: {
            ...stringAttributes(attributes),
            // Delivered first, and not held back as advertising is.
            'AWS.SNS.SMS.SMSType': { DataType: 'String', StringValue: 'Transactional' },
          },
        }),
      )
    },
  }
}
