import type { AwsCall } from '../endpoint/aws-call.ts'
import { type Publication, SnsError } from './publication.ts'

/** SNS's limit for one request, in bytes. */
const maxRequestBytes = 262_144
/** SNS requires less than 100 characters. */
const maxSubjectLength = 99
/** Matches characters that XML 1.0 does not allow. */
const invalidXmlCharacter = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u

type FormFields = Readonly<Record<string, unknown>>
type MessageAttribute = { readonly type: string; readonly value: string }

/**
 * Reads and validates the input of Publish or PublishBatch.
 *
 * @returns a publication for each entry, or an error for each batch entry that SNS would reject.
 * @throws SnsError if SNS would reject the whole call.
 */
export function readPublications({ action, input }: AwsCall): (Publication | SnsError)[] {
  if (action === 'Publish') return [readPublication(input, '', undefined)]
  const prefixes = new Set(
    Object.keys(input).flatMap((key) => /^PublishBatchRequestEntries\.member\.\d+\./.exec(key)?.[0] ?? []),
  )
  const entries = Array.from(prefixes, (prefix) => readEntry(input, prefix))
  const sizeBytes = entries.reduce((sum, entry) => sum + (entry instanceof SnsError ? 0 : entry.sizeBytes), 0)
  if (sizeBytes <= maxRequestBytes) return entries
  throw new SnsError('BatchRequestTooLong', `The length of all the messages is ${sizeBytes} bytes`)
}

function readEntry(fields: FormFields, prefix: string): Publication | SnsError {
  const id = readText(fields[`${prefix}Id`])
  try {
    return readPublication(fields, prefix, id)
  } catch (error) {
    if (error instanceof SnsError && id !== undefined) return new SnsError(error.code, error.message, id)
    throw error
  }
}

function readPublication(fields: FormFields, fieldPrefix: string, id: string | undefined): Publication {
  const message = readText(fields[`${fieldPrefix}Message`]) ?? ''
  const subject = readText(fields[`${fieldPrefix}Subject`])
  if (message === '') throw createInvalidParameter('Empty message')
  if (invalidXmlCharacter.test(message)) {
    throw createInvalidParameter('Message contains characters that XML does not allow')
  }
  if (subject !== undefined) checkSubject(subject)
  const attributes = readAttributes(fields, fieldPrefix)
  const sizeBytes = Object.entries(attributes).reduce(
    (sum, [name, { type, value }]) =>
      sum + Buffer.byteLength(name) + Buffer.byteLength(type) + Buffer.byteLength(value),
    Buffer.byteLength(message),
  )
  if (sizeBytes > maxRequestBytes) throw createInvalidParameter(`Message too long: ${sizeBytes} bytes`)
  const texts = fields[`${fieldPrefix}MessageStructure`] === 'json' ? readTexts(message) : undefined
  const topicArn = readText(fields.TopicArn) ?? ''
  return { id, fieldPrefix, topicArn, subject, message, texts, sizeBytes }
}

/** SNS requires one line of printable ASCII characters that does not start with a space. */
function checkSubject(subject: string): void {
  if (!/^[!-~][ -~]*$/.test(subject)) throw createInvalidParameter('Subject')
  if (subject.length <= maxSubjectLength) return
  throw createInvalidParameter(`Subject: longer than ${maxSubjectLength} characters`)
}

function readTexts(message: string): Readonly<Record<string, unknown>> {
  let texts: unknown
  try {
    texts = JSON.parse(message)
  } catch {
    throw createInvalidParameter('Message Structure - JSON message body failed to parse')
  }
  if (typeof texts !== 'object' || texts === null || !('default' in texts) || typeof texts.default !== 'string') {
    throw createInvalidParameter('Message Structure - No default entry in JSON message body')
  }
  return { ...texts }
}

function readAttributes(fields: FormFields, prefix: string): Readonly<Record<string, MessageAttribute>> {
  const attributes: Record<string, MessageAttribute> = {}
  for (let index = 1; ; index++) {
    const entry = `${prefix}MessageAttributes.entry.${index}.`
    const name = readText(fields[`${entry}Name`])
    if (name === undefined) return attributes
    const type = readText(fields[`${entry}Value.DataType`]) ?? ''
    const value = readText(fields[`${entry}Value.StringValue`]) ?? readText(fields[`${entry}Value.BinaryValue`]) ?? ''
    if (value === '') {
      throw createInvalidParameter(`The message attribute '${name}' must contain non-empty message attribute value`)
    }
    if (invalidXmlCharacter.test(value)) {
      throw createInvalidParameter(`The message attribute '${name}' contains invalid characters`)
    }
    attributes[name] = { type, value }
  }
}

function createInvalidParameter(detail: string): SnsError {
  return new SnsError('InvalidParameter', `Invalid parameter: ${detail}`)
}

function readText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
