import type { AwsCall } from '../endpoint/aws-call.ts'

export interface Attribute {
  readonly type: string
  readonly value: string
}

/** One message for a topic, as Publish or an entry of PublishBatch has it. */
export interface Publication {
  /** Of an entry of a batch. */
  readonly id: string | undefined
  /** What its form fields begin with. */
  readonly prefix: string
  readonly topicArn: string
  readonly subject: string | undefined
  readonly message: string
  /** With `MessageStructure` json: the text for each protocol; `default` for the others. */
  readonly texts: Readonly<Record<string, unknown>> | undefined
  readonly attributes: Readonly<Record<string, Attribute>>
  /** Bytes, as SNS counts them. */
  readonly size: number
}

/** Why SNS would refuse a publication. */
export class Refused extends Error {
  override name = 'Refused'
  readonly code: string
  /** Of the entry of a batch that it is about. */
  id: string | undefined

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** SNS takes this much in one request. Bytes. */
const largest = 262_144
/** SNS: less than 100 characters. */
const maxSubjectLength = 99
const unacceptable = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u

type Form = Readonly<Record<string, unknown>>

/** The publications of a call; each is a refusal where SNS would refuse it alone. @throws Refused for the whole call. */
export function readPublications({ action, input }: AwsCall): (Publication | Refused)[] {
  if (action === 'Publish') return [readPublication(input, '', undefined)]
  const prefixes = new Set(
    Object.keys(input).flatMap((key) => /^PublishBatchRequestEntries\.member\.\d+\./.exec(key)?.[0] ?? []),
  )
  const entries = Array.from(prefixes, (prefix) => {
    const id = text(input[`${prefix}Id`])
    try {
      return readPublication(input, prefix, id)
    } catch (error) {
      if (!(error instanceof Refused) || id === undefined) throw error
      error.id = id
      return error
    }
  })
  const size = entries.reduce((sum, entry) => sum + (entry instanceof Refused ? 0 : entry.size), 0)
  if (size > largest) throw new Refused('BatchRequestTooLong', `The length of all the messages is ${size} bytes`)
  return entries
}

function readPublication(form: Form, prefix: string, id: string | undefined): Publication {
  const message = text(form[`${prefix}Message`]) ?? ''
  const subject = text(form[`${prefix}Subject`])
  if (message === '') throw invalid('Empty message')
  if (unacceptable.test(message)) throw invalid('Message contains characters that XML does not allow')
  if (subject !== undefined) checkSubject(subject)
  const attributes = readAttributes(form, prefix)
  const size = Object.entries(attributes).reduce(
    (sum, [name, { type, value }]) => sum + bytes(name) + bytes(type) + bytes(value),
    bytes(message),
  )
  if (size > largest) throw invalid(`Message too long: ${size} bytes`)
  const texts = form[`${prefix}MessageStructure`] === 'json' ? readTexts(message) : undefined
  return { id, prefix, topicArn: text(form.TopicArn) ?? '', subject, message, texts, attributes, size }
}

/** SNS: ASCII, toPrintable, beginning with a letter, number or punctuation mark, on one line. */
function checkSubject(subject: string): void {
  if (!/^[!-~][ -~]*$/.test(subject)) throw invalid('Subject')
  if (subject.length > maxSubjectLength) throw invalid(`Subject: longer than ${maxSubjectLength} characters`)
}

function readTexts(message: string): Readonly<Record<string, unknown>> {
  let texts: unknown
  try {
    texts = JSON.parse(message)
  } catch {
    throw invalid('Message Structure - JSON message body failed to parse')
  }
  if (typeof texts !== 'object' || texts === null || !('default' in texts) || typeof texts.default !== 'string') {
    throw invalid('Message Structure - No default entry in JSON message body')
  }
  return { ...texts }
}

function readAttributes(form: Form, prefix: string): Readonly<Record<string, Attribute>> {
  const attributes: Record<string, Attribute> = {}
  for (let index = 1; ; index++) {
    const entry = `${prefix}MessageAttributes.entry.${index}.`
    const name = text(form[`${entry}Name`])
    if (name === undefined) return attributes
    const type = text(form[`${entry}Value.DataType`]) ?? ''
    const value = text(form[`${entry}Value.StringValue`]) ?? text(form[`${entry}Value.BinaryValue`]) ?? ''
    if (value === '') throw invalid(`The message attribute '${name}' must contain non-empty message attribute value`)
    if (unacceptable.test(value)) throw invalid(`The message attribute '${name}' contains invalid characters`)
    attributes[name] = { type, value }
  }
}

/** What a subscriber gets by that protocol. */
export function textFor({ message, texts }: Publication, protocol: string): string {
  if (texts === undefined) return message
  const own = texts[protocol]
  return typeof own === 'string' ? own : String(texts.default)
}

function invalid(what: string): Refused {
  return new Refused('InvalidParameter', `Invalid parameter: ${what}`)
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function bytes(value: string): number {
  return Buffer.byteLength(value)
}
