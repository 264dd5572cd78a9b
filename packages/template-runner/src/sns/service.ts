import type { AwsCall, AwsResponse, AwsService } from '../endpoint/aws-call.ts'
import { awsError } from '../endpoint/aws-error.ts'
import { type Publication, SnsError, selectText } from './publication.ts'
import { readPublications } from './read-publications.ts'

/** Called for each message that a topic accepted. The response to the publisher waits for the returned promise. */
export type OnPublished = (published: { publication: Publication; messageId: string }) => Promise<void>

/**
 * Wraps the SNS emulator, which ignores `MessageStructure`, accepts input that SNS rejects, and delivers to queues only.
 *
 * The wrapper validates the input, passes the text for queues to the emulator, and calls `onPublished` so that the
 * caller can deliver to other subscribers. Like SNS, it drops the attributes of a message with a text per protocol, so that
 * neither subscribers nor filter policies see them.
 */
export function createSnsService(emulator: AwsService, onPublished: OnPublished): AwsService {
  let lastPublish: Promise<unknown> = Promise.resolve()
  return {
    permissions: (call) => emulator.permissions(call),
    handle(call) {
      if (call.action !== 'Publish' && call.action !== 'PublishBatch') return emulator.handle(call)
      // Calls run one after the other, so that messages waiting for a subscriber belong to the current call.
      const response = lastPublish.then(() => publish(emulator, call, onPublished))
      lastPublish = response.catch(() => {})
      return response.catch((error: unknown) => {
        if (error instanceof SnsError) return awsError(call, 400, error.code, error.message)
        throw error
      })
    },
  }
}

async function publish(emulator: AwsService, call: AwsCall, onPublished: OnPublished): Promise<AwsResponse> {
  const entries = readPublications(call)
  const accepted = entries.filter((entry): entry is Publication => !(entry instanceof SnsError))
  const rejected = entries.filter((entry) => entry instanceof SnsError)
  // The emulator would respond to a batch without entries with another error.
  if (accepted.length === 0 && rejected.length > 0) {
    return { status: 200, headers: { 'content-type': 'text/xml' }, body: formatBatchResponse('', rejected) }
  }
  const response = await emulator.handle(toEmulatorCall(call, accepted, rejected))
  if (response.status !== 200) return response
  const xml = String(response.body)
  for (const publication of accepted) {
    const messageId = findMessageId(xml, publication)
    if (messageId !== undefined) await onPublished({ publication, messageId })
  }
  return rejected.length === 0 ? response : { ...response, body: formatBatchResponse(xml, rejected) }
}

/** Returns the call with the texts for queues and without the rejected entries. */
function toEmulatorCall(call: AwsCall, accepted: readonly Publication[], rejected: readonly SnsError[]): AwsCall {
  const input: Record<string, unknown> = { ...call.input }
  const rejectedIds = new Set(rejected.map(({ entryId }) => entryId))
  for (const key of Object.keys(input)) {
    const [prefix] = /^PublishBatchRequestEntries\.member\.\d+\./.exec(key) ?? []
    if (prefix !== undefined && rejectedIds.has(String(call.input[`${prefix}Id`]))) delete input[key]
  }
  for (const publication of accepted) {
    delete input[`${publication.fieldPrefix}MessageStructure`]
    input[`${publication.fieldPrefix}Message`] = selectText(publication, 'sqs')
    if (publication.texts !== undefined) deleteAttributes(input, publication)
  }
  const fields = Object.entries(input).map(([name, value]): [string, string] => [name, String(value)])
  return { ...call, input, body: Buffer.from(new URLSearchParams(fields).toString()) }
}

function deleteAttributes(input: Record<string, unknown>, { fieldPrefix }: Publication): void {
  for (const key of Object.keys(input)) if (key.startsWith(`${fieldPrefix}MessageAttributes.`)) delete input[key]
}

function findMessageId(xml: string, { id }: Publication): string | undefined {
  if (id === undefined) return /<MessageId>([^<]+)<\/MessageId>/.exec(xml)?.[1]
  const members = xml.matchAll(/<member><Id>([^<]*)<\/Id><MessageId>([^<]+)<\/MessageId><\/member>/g)
  return members.find(([, member]) => member === id)?.[2]
}

/** Adds the rejected entries to the emulator's response. */
function formatBatchResponse(xml: string, rejected: readonly SnsError[]): string {
  const members = rejected.map(
    ({ entryId, code }) =>
      `<member><Id>${entryId}</Id><Code>${code}</Code><Message>Invalid parameter</Message><SenderFault>true</SenderFault></member>`,
  )
  const [, successful = ''] = /<Successful>(.*)<\/Successful>/s.exec(xml) ?? []
  const [, failed = ''] = /<Failed>(.*)<\/Failed>/s.exec(xml) ?? []
  return `<PublishBatchResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishBatchResult><Successful>${successful}</Successful><Failed>${failed}${members.join('')}</Failed></PublishBatchResult></PublishBatchResponse>`
}
