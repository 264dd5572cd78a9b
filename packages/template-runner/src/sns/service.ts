import type { AwsCall, AwsResponse, AwsService } from '../endpoint/aws-call.ts'
import { awsError } from '../endpoint/aws-error.ts'
import { type Publication, Refused, readPublications, textFor } from './publication.ts'

/** Hears of each publication that a topic took. */
export type OnPublished = (published: { publication: Publication; messageId: string }) => Promise<void>

/**
 * SNS before its emulator, which knows nothing of `MessageStructure` and takes what SNS refuses: gives queues the text
 * that is meant for them, and hands on what was published to those that the emulator does not deliver to.
 */
export function snsService(emulator: AwsService, onPublished: OnPublished): AwsService {
  let turn: Promise<unknown> = Promise.resolve()
  return {
    permissions: (call) => emulator.permissions(call),
    handle(call) {
      if (call.action !== 'Publish' && call.action !== 'PublishBatch') return emulator.handle(call)
      // One call after the other: what then waits for a subscriber belongs to the call at hand.
      const answer = turn.then(() => publish(emulator, call, onPublished))
      turn = answer.catch(() => {})
      return answer.catch((error: unknown) => {
        if (error instanceof Refused) return awsError(call, 400, error.code, error.message)
        throw error
      })
    },
  }
}

async function publish(emulator: AwsService, call: AwsCall, onPublished: OnPublished): Promise<AwsResponse> {
  const read = readPublications(call)
  const taken = read.filter((entry): entry is Publication => !(entry instanceof Refused))
  const refused = read.filter((entry) => entry instanceof Refused)
  const [alone] = refused
  // The emulator refuses a batch without entries with another error.
  if (taken.length === 0 && alone !== undefined) {
    return { status: 200, headers: { 'content-type': 'text/xml' }, body: batchAnswer('', refused) }
  }
  const answer = await emulator.handle(asQueuesGetIt(call, taken, refused))
  if (answer.status !== 200) return answer
  const xml = String(answer.body)
  for (const publication of taken) {
    const messageId = messageIdIn(xml, publication)
    if (messageId !== undefined) await onPublished({ publication, messageId })
  }
  return refused.length === 0 ? answer : { ...answer, body: batchAnswer(xml, refused) }
}

/** The same call with the texts for queues, and without what is refused. */
function asQueuesGetIt(call: AwsCall, taken: readonly Publication[], refused: readonly Refused[]): AwsCall {
  const input: Record<string, unknown> = { ...call.input }
  const ids = new Set(refused.map(({ id }) => id))
  for (const key of Object.keys(input)) {
    const [prefix] = /^PublishBatchRequestEntries\.member\.\d+\./.exec(key) ?? []
    if (prefix !== undefined && ids.has(String(call.input[`${prefix}Id`]))) delete input[key]
  }
  for (const publication of taken) {
    delete input[`${publication.prefix}MessageStructure`]
    input[`${publication.prefix}Message`] = textFor(publication, 'sqs')
  }
  const fields = Object.entries(input).map(([name, value]): [string, string] => [name, String(value)])
  return { ...call, input, body: Buffer.from(new URLSearchParams(fields).toString()) }
}

function messageIdIn(xml: string, { id }: Publication): string | undefined {
  if (id === undefined) return /<MessageId>([^<]+)<\/MessageId>/.exec(xml)?.[1]
  const members = xml.matchAll(/<member><Id>([^<]*)<\/Id><MessageId>([^<]+)<\/MessageId><\/member>/g)
  return members.find(([, member]) => member === id)?.[2]
}

function batchAnswer(xml: string, refused: readonly Refused[]): string {
  const members = refused.map(
    ({ id, code }) =>
      `<member><Id>${id}</Id><Code>${code}</Code><Message>Invalid parameter</Message><SenderFault>true</SenderFault></member>`,
  )
  const [, successful = ''] = /<Successful>(.*)<\/Successful>/s.exec(xml) ?? []
  const [, failed = ''] = /<Failed>(.*)<\/Failed>/s.exec(xml) ?? []
  return `<PublishBatchResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishBatchResult><Successful>${successful}</Successful><Failed>${failed}${members.join('')}</Failed></PublishBatchResult></PublishBatchResponse>`
}
