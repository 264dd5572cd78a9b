import type { PublishCommandInput } from '@aws-sdk/client-sns'
import { describe, expect, it } from 'vitest'
import { snsAlertTopic } from '../../../../adapters/sns/alert-topic.ts'
import type { Alert } from '../../../../core/notifications/alert.ts'
import { fakeSnsClient } from '../../../support/fake-sns-client.ts'

const alert: Alert = {
  payload: { kind: 'port_check', box_code: 'B\uFFFE' },
  subject: '[AVD] B',
  email: '端口\u0007',
  sms: 'B 端口不通',
}

describe('snsAlertTopic', () => {
  it('publishes an alert as one message with a text for each protocol, without attributes', async () => {
    const inputs: PublishCommandInput[] = []
    const client = fakeSnsClient((input) => {
      inputs.push(input as PublishCommandInput)
      return {}
    })
    await snsAlertTopic(client, 'arn:topic').publish(alert)
    const [input] = inputs
    expect(inputs).toHaveLength(1)
    expect(input).toMatchObject({ TopicArn: 'arn:topic', Subject: '[AVD] B', MessageStructure: 'json' })
    const message = JSON.parse(input?.Message ?? '')
    expect(Object.keys(message)).toEqual(['default', 'email', 'sms'])
    // Characters that SNS rejects are escaped in JSON and replaced in texts.
    expect(message.default).toBe('{"kind":"port_check","box_code":"B\\ufffe"}')
    expect(message.email).toBe('端口\uFFFD')
    // SNS drops the attributes of a message with a text for each protocol.
    expect(input).not.toHaveProperty('MessageAttributes')
  })

  it('throws if SNS does not accept the alert', async () => {
    const client = fakeSnsClient(() => {
      throw new Error('SNS is down')
    })
    await expect(snsAlertTopic(client, 'arn:topic').publish(alert)).rejects.toThrow('SNS is down')
  })
})
