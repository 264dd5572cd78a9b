import { SNSClient } from '@aws-sdk/client-sns'

/** Gives up on a topic that does not answer while there is still time to say so: the message comes again. */
export function snsClient(): SNSClient {
  const requestHandler = { connectionTimeout: 2000, requestTimeout: 5000, throwOnRequestTimeout: true }
  return new SNSClient({ maxAttempts: 3, requestHandler })
}

/** SNS takes what XML 1.0 does; anything else would refuse the whole message. */
export function acceptable(text: string): string {
  return text.toWellFormed().replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
}

/** Of no value is an attribute: SNS refuses an empty one. */
export function stringAttributes(values: Readonly<Record<string, string | undefined>>) {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== '')
  return Object.fromEntries(
    given.map(([name, value = '']) => [name, { DataType: 'String', StringValue: acceptable(value) }]),
  )
}
