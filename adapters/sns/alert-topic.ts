import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns'
import type { AlertTopic } from '../../core/ports/topics.ts'
import { encodeMessage } from '../../core/protocol/envelope.ts'
import { requestOptions } from '../request-options.ts'
import { replaceInvalidCharacters, stringAttributes } from './client.ts'

/** Publishes an alert with a text for each protocol: e-mail, SMS, and JSON for the others (docs/contract.md, section 7). */
export function snsAlertTopic(client: SNSClient, topicArn: string): AlertTopic {
  return {
    async publish({ payload, attributes, subject, email, sms }, signal) {
      const texts = {
        default: encodeMessage(payload),
        email: replaceInvalidCharacters(email),
        sms: replaceInvalidCharacters(sms),
      }
      const command = new PublishCommand({
        TopicArn: topicArn,
        Subject: subject,
        MessageStructure: 'json',
        Message: encodeMessage(texts),
        MessageAttributes: {
          ...stringAttributes(attributes),
          // Transactional messages take priority over promotional ones and are not filtered like them.
          'AWS.SNS.SMS.SMSType': { DataType: 'String', StringValue: 'Transactional' },
        },
      })
      await client.send(command, requestOptions(signal))
    },
  }
}
