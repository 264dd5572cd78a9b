import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns'
import type { AlertTopic } from '../../core/ports/topics.ts'
import { encodeMessage } from '../../core/protocol/envelope.ts'
import { requestOptions } from '../request-options.ts'
import { replaceInvalidCharacters } from './client.ts'

/**
 * Publishes an alert with a text for each protocol: e-mail, SMS, and JSON for the others (docs/contract.md, section 7).
 * SNS would drop the attributes of such a message, so it has none.
 */
export function snsAlertTopic(client: SNSClient, topicArn: string): AlertTopic {
  return {
    async publish({ payload, subject, email, sms }, signal) {
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
      })
      await client.send(command, requestOptions(signal))
    },
  }
}
