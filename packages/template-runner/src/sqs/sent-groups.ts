import { AsyncLocalStorage } from 'node:async_hooks'
import { z } from 'zod'
import type { AwsCall, AwsResponse } from '../endpoint/aws-call.ts'
import { awsError } from '../endpoint/aws-error.ts'

// The emulator drops the group of a message that is sent to a standard queue. While it handles the call, the groups are
// kept here, and the queue takes them when the messages arrive.

const messageSchema = z.object({ MessageBody: z.string(), MessageGroupId: z.unknown().optional() })
const entrySchema = messageSchema.extend({ Id: z.string() })
const batchSchema = z.object({ Entries: z.array(entrySchema.loose()) })

interface SentMessage {
  readonly body: string
  readonly group: string | undefined
}

const sentMessages = new AsyncLocalStorage<SentMessage[]>()

/** Returns the group of a message that is being sent; undefined if it has none. */
export function takeSentGroup(body: string): string | undefined {
  const messages = sentMessages.getStore() ?? []
  const index = messages.findIndex((message) => message.body === body)
  return index < 0 ? undefined : messages.splice(index, 1)[0]?.group
}

type Handle = (call: AwsCall) => Promise<AwsResponse>

/** Handles a call of SQS like `handle`, and keeps the groups of sent messages. Invalid groups are rejected as by SQS. */
export function handleWithGroups(call: AwsCall, handle: Handle): Promise<AwsResponse> {
  if (call.action === 'SendMessage') return send(call, handle)
  if (call.action === 'SendMessageBatch') return sendBatch(call, handle)
  return handle(call)
}

async function send(call: AwsCall, handle: Handle): Promise<AwsResponse> {
  const message = messageSchema.safeParse(call.input).data
  if (!message) return handle(call)
  if (!isValidGroup(message.MessageGroupId)) return awsError(call, 400, invalidCode, invalidMessage)
  return sentMessages.run(listGroups([message]), () => handle(call))
}

/** Entries with an invalid group fail one by one. */
async function sendBatch(call: AwsCall, handle: Handle): Promise<AwsResponse> {
  const entries = batchSchema.safeParse(call.input).data?.Entries
  if (!entries) return handle(call)
  const valid = entries.filter(({ MessageGroupId }) => isValidGroup(MessageGroupId))
  const invalid = entries.filter((entry) => !valid.includes(entry))
  if (invalid.length === 0) return sentMessages.run(listGroups(entries), () => handle(call))
  const input = { ...call.input, Entries: valid }
  const validCall = { ...call, input, body: Buffer.from(JSON.stringify(input)) }
  const response =
    valid.length === 0 ? emptyResponse : await sentMessages.run(listGroups(valid), () => handle(validCall))
  return response.status === 200 ? addFailures(response, invalid) : response
}

const emptyResponse: AwsResponse = {
  status: 200,
  headers: { 'content-type': 'application/x-amz-json-1.0' },
  body: '{}',
}

function addFailures(response: AwsResponse, entries: readonly { readonly Id: string }[]): AwsResponse {
  const output = z
    .object({ Successful: z.array(z.unknown()).default([]), Failed: z.array(z.unknown()).default([]) })
    .parse(JSON.parse(response.body.toString()))
  const failed = entries.map(({ Id }) => ({ Id, SenderFault: true, Code: invalidCode, Message: invalidMessage }))
  return { ...response, body: JSON.stringify({ ...output, Failed: [...output.Failed, ...failed] }) }
}

function listGroups(messages: readonly z.output<typeof messageSchema>[]): SentMessage[] {
  return messages.map(({ MessageBody, MessageGroupId }) => ({
    body: MessageBody,
    group: typeof MessageGroupId === 'string' ? MessageGroupId : undefined,
  }))
}

const invalidCode = 'InvalidParameterValue'
const invalidMessage =
  'The parameter MessageGroupId is invalid. Reason: it must have 1 to 128 alphanumeric and punctuation characters.'

/** A group is optional. The characters are those from `!` to `~`: letters, digits and punctuation, but no space. */
function isValidGroup(group: unknown): boolean {
  return group === undefined || (typeof group === 'string' && /^[!-~]{1,128}$/.test(group))
}
