import { randomUUID } from 'node:crypto'
import type { AwsCall, AwsResponse } from './aws-call.ts'

/** Builds an error response in the wire format of the called service. */
export function awsError(call: Pick<AwsCall, 'service'>, status: number, code: string, message: string): AwsResponse {
  const requestId = randomUUID()
  const sender = status < 500
  if (call.service === 'sns' || call.service === 'sts') {
    const fault = sender ? 'Sender' : 'Receiver'
    return {
      status,
      headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
      body: `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>${fault}</Type><Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
    }
  }
  return {
    status,
    headers: {
      'content-type': call.service === 'secretsmanager' ? 'application/x-amz-json-1.1' : 'application/x-amz-json-1.0',
      'x-amzn-requestid': requestId,
      ...(call.service === 'lambda' && { 'x-amzn-errortype': code }),
      ...(call.service === 'sqs' && { 'x-amzn-query-error': `${code};${sender ? 'Sender' : 'Receiver'}` }),
    },
    body: JSON.stringify({ __type: `com.amazon.coral.service#${code}`, message }),
  }
}

function escapeXml(text: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character)
}
