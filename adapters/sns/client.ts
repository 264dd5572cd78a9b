import { SNSClient } from '@aws-sdk/client-sns'

/** A client that gives up early enough for the function to report the failure; the message is then delivered again. */
export function snsClient(): SNSClient {
  const requestHandler = { connectionTimeout: 2000, requestTimeout: 5000, throwOnRequestTimeout: true }
  return new SNSClient({ maxAttempts: 3, requestHandler })
}

/** Replaces characters that XML 1.0 does not allow: SNS would reject the whole message. */
export function replaceInvalidCharacters(text: string): string {
  return text.toWellFormed().replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
}

/** SNS rejects empty attribute values, so they are omitted. */
export function stringAttributes(values: Readonly<Record<string, string | undefined>>) {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== '')
  return Object.fromEntries(
    given.map(([name, value = '']) => [name, { DataType: 'String', StringValue: replaceInvalidCharacters(value) }]),
  )
}
