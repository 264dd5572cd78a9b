/** One message to publish: the input of Publish, or an entry of PublishBatch. */
export interface Publication {
  /** The id of a batch entry; undefined for Publish. */
  readonly id: string | undefined
  /** The prefix of the entry's form fields; empty for Publish. */
  readonly fieldPrefix: string
  readonly topicArn: string
  readonly subject: string | undefined
  readonly message: string
  /** With `MessageStructure` json: the text of each protocol, and `default` for all others. */
  readonly texts: Readonly<Record<string, unknown>> | undefined
  /** The size that counts towards the limit of SNS. */
  readonly sizeBytes: number
}

/** SNS's reason for rejecting a call or an entry of a batch. */
export class SnsError extends Error {
  override name = 'SnsError'
  readonly code: string
  /** The id of the rejected batch entry; undefined if SNS rejects the whole call. */
  readonly entryId: string | undefined

  constructor(code: string, message: string, entryId?: string) {
    super(message)
    this.code = code
    this.entryId = entryId
  }
}

/** Returns the text that SNS delivers by the protocol. */
export function selectText({ message, texts }: Publication, protocol: string): string {
  if (texts === undefined) return message
  const text = texts[protocol]
  return typeof text === 'string' ? text : String(texts.default)
}
