import { escapeControlCharacters } from '../escape-control-characters.ts'
import { type Publication, selectText } from './publication.ts'

/** An e-mail or a text message that SNS would have sent. */
export interface OutboxMessage {
  readonly protocol: 'email' | 'email-json' | 'sms'
  /** E-mail address or E.164 number. */
  readonly endpoint: string
  readonly topicArn: string
  /** Undefined for text messages. */
  readonly subject: string | undefined
  readonly text: string
  readonly messageId: string
  /** Epoch milliseconds. */
  readonly sentAtMs: number
}

type OutboxRecipient = Pick<OutboxMessage, 'protocol' | 'endpoint' | 'topicArn'>

const maxMessages = 1000
/** SNS puts this many characters of the topic's display name before a text message. */
const maxDisplayNameLength = 10

/** Prints and stores the messages to people instead of sending them. */
export class Outbox {
  readonly messages: OutboxMessage[] = []
  readonly #displayNames = new Map<string, string>()
  readonly #log: (line: string) => void

  constructor(log: (line: string) => void) {
    this.#log = log
  }

  /** Sets the display name of a topic. */
  nameTopic(topicArn: string, displayName: string): void {
    this.#displayNames.set(topicArn, displayName)
  }

  /** @param envelope the JSON text of the notification. */
  send(recipient: OutboxRecipient, publication: Publication, messageId: string, envelope: string): void {
    const message: OutboxMessage = {
      ...recipient,
      subject: recipient.protocol === 'sms' ? undefined : (publication.subject ?? 'AWS Notification Message'),
      text: this.#textFor(recipient, publication, envelope),
      messageId,
      sentAtMs: Date.now(),
    }
    this.messages.push(message)
    if (this.messages.length > maxMessages) this.messages.shift()
    for (const line of formatMessage(message)) this.#log(line)
  }

  /** Logs that a publication is meant for people, but its topic has no e-mail or SMS subscription. */
  reportMissingRecipients({ subject, topicArn }: Publication): void {
    const topic = topicArn.split(':').at(-1)
    const shownSubject = escapeControlCharacters(subject ?? '')
    this.#log(`NO RECIPIENT: topic ${topic} has no e-mail or SMS subscription for "${shownSubject}"`)
  }

  #textFor({ protocol, topicArn }: OutboxRecipient, publication: Publication, envelope: string): string {
    if (protocol === 'email-json') return envelope
    const text = selectText(publication, protocol)
    const displayName = this.#displayNames.get(topicArn)
    if (protocol === 'email' || displayName === undefined) return text
    return `${displayName.slice(0, maxDisplayNameLength).toUpperCase()}> ${text}`
  }
}

function formatMessage({ protocol, endpoint, subject, text }: OutboxMessage): string[] {
  if (protocol === 'sms') {
    return [`SMS to ${endpoint}: ${escapeControlCharacters(text)} (${text.length} characters)`]
  }
  const lines = text.trimEnd().split('\n')
  return [
    `E-MAIL to ${endpoint}: ${escapeControlCharacters(subject ?? '')}`,
    ...lines.map((line) => `  | ${escapeControlCharacters(line)}`),
  ]
}
