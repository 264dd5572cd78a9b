import { randomUUID } from 'node:crypto'
import type { AwsCall, AwsResponse } from './aws-call.ts'

/** Services whose responses are XML. */
const xmlNamespaces: Readonly<Record<string, string>> = {
  sns: 'http://sns.amazonaws.com/doc/2010-03-31/',
  sts: 'https://sts.amazonaws.com/doc/2011-06-15/',
  cloudformation: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
}

/** Services that once spoke the query protocol, and still state its error codes. */
const queryCompatible: ReadonlySet<string> = new Set(['sqs', 'monitoring'])

/** Builds an error response in the wire format of the called service. */
export function awsError(call: Pick<AwsCall, 'service'>, status: number, code: string, message: string): AwsResponse {
  const requestId = randomUUID()
  const sender = status < 500
  const namespace = xmlNamespaces[call.service]
  if (namespace !== undefined) {
    const fault = sender ? 'Sender' : 'Receiver'
    return {
      status,
      headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
      body: `<ErrorResponse xmlns="${namespace}"><Error><Type>${fault}</Type><Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
    }
  }
  return {
    status,
    headers: {
      'content-type': call.service === 'secretsmanager' ? 'application/x-amz-json-1.1' : 'application/x-amz-json-1.0',
      'x-amzn-requestid': requestId,
      ...(call.service === 'lambda' && { 'x-amzn-errortype': code }),
      ...(queryCompatible.has(call.service) && { 'x-amzn-query-error': `${code};${sender ? 'Sender' : 'Receiver'}` }),
    },
    body: JSON.stringify({ __type: `com.amazon.coral.service#${code}`, message }),
  }
}

/** Escapes text for XML. */
export function escapeXml(text: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character)
}
