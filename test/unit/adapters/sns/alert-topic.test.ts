import type { PublishCommandInput, SNSClient } from '@aws-sdk/client-sns'
import { describe, expect, it } from 'vitest'
import { snsAlertTopic } from '../../../../adapters/sns/alert-topic.ts'
import type { Alert } from '../../../../core/notifications/alert.ts'

const alert: Alert = {
  payload: { kind: 'port_check', box_code: 'B\uFFFE' },
  attributes: { kind: 'port_check', box_code: 'B\u0000' },
  subject: '[AVD] B',
  email: '端口\u0007',
  sms: 'B 端口不通',
}

describe('an alert', () => {
  it('goes to the topic as one message with a text for each protocol, transactional where it is an SMS', async () => {
    const inputs: PublishCommandInput[] = []
    const send = async ({ input }: { input: PublishCommandInput }) => inputs.push(input)
    await snsAlertTopic({ send } as unknown as SNSClient, 'arn:topic').publish(alert)
    const [input] = inputs
    expect(inputs).toHaveLength(1)
    expect(input).toMatchObject({ TopicArn: 'arn:topic', Subject: '[AVD] B', MessageStructure: 'json' })
    const message = JSON.parse(input?.Message ?? '')
    expect(Object.keys(message)).toEqual(['default', 'email', 'sms'])
    // What SNS would refuse is escaped for programs and replaced for people.
    expect(message.default).toBe('{"kind":"port_check","box_code":"B\\ufffe"}')
    expect(message.email).toBe('端口\uFFFD')
    expect(input?.MessageAttributes).toEqual({
      kind: { DataType: 'String', StringValue: 'port_check' },
      box_code: { DataType: 'String', StringValue: 'B\uFFFD' },
      'AWS.SNS.SMS.SMSType': { DataType: 'String', StringValue: 'Transactional' },
    })
  })

  it('that the topic does not take is an error', async () => {
    const send = () => Promise.reject(new Error('SNS is down'))
    await expect(snsAlertTopic({ send } as unknown as SNSClient, 'arn:topic').publish(alert)).rejects.toThrow(
      'SNS is down',
    )
  })
})
