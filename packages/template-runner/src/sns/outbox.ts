import type { Publication } from './publication.ts'
import { textFor } from './publication.ts'

/** An e-mail or a text message that the account would have sent. */
export interface OutboxMessage {
  readonly protocol: 'email' | 'email-json' | 'sms'
  /** Mail address or E.164 number. */
  readonly endpoint: string
  readonly topicArn: string
  /** Of an e-mail. */
  readonly subject: string | undefined
  readonly text: string
  readonly messageId: string
  /** Epoch milliseconds. */
  readonly at: number
}

export interface Person {
  readonly protocol: OutboxMessage['protocol']
  readonly endpoint: string
  readonly topicArn: string
}

const kept = 1000
/** Of a display name, so many characters stand before a text message. */
const shownDisplayName = 10

/** What would have gone out to people: printed, and kept for a look. */
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

  send(person: Person, publication: Publication, messageId: string, envelope: string): void {
    const isMail = person.protocol !== 'sms'
    const letter: OutboxMessage = {
      ...person,
      subject: isMail ? (publication.subject ?? 'AWS Notification Message') : undefined,
      text: this.#textFor(person, publication, envelope),
      messageId,
      at: Date.now(),
    }
    this.messages.push(letter)
    if (this.messages.length > kept) this.messages.shift()
    for (const line of printed(letter)) this.#log(line)
  }

  /** Says that something was meant for people, and that there are none. */
  sendNobody({ subject, topicArn }: Publication): void {
    const topic = topicArn.split(':').at(-1)
    this.#log(`NOBODY is subscribed to ${topic} by e-mail or text message, to be told: ${visible(subject ?? '')}`)
  }

  #textFor({ protocol, topicArn }: Person, publication: Publication, envelope: string): string {
    if (protocol === 'email-json') return envelope
    const text = textFor(publication, protocol)
    const displayName = this.#displayNames.get(topicArn)
    if (protocol === 'email' || displayName === undefined) return text
    return `${displayName.slice(0, shownDisplayName).toUpperCase()}> ${text}`
  }
}

function printed({ protocol, endpoint, subject, text }: OutboxMessage): string[] {
  if (protocol === 'sms') return [`SMS to ${endpoint}: ${visible(text)} (${text.length} characters)`]
  const lines = text.trimEnd().split('\n')
  return [`E-MAIL to ${endpoint}: ${visible(subject ?? '')}`, ...lines.map((line) => `  | ${visible(line)}`)]
}

/** What a message carries may come from anybody; it must not command the terminal. */
export function visible(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16).padStart(4, '0')}}`,
  )
}
