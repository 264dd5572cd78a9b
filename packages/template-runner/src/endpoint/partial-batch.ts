import { z } from 'zod'
import type { AwsCall, AwsResponse, AwsService } from './aws-call.ts'
import { awsError } from './aws-error.ts'

const entriesSchema = z.looseObject({ Entries: z.array(z.looseObject({ Id: z.string() })) })
const requestItemsSchema = z.looseObject({
  RequestItems: z.record(z.string(), z.union([z.looseObject({ Keys: z.array(z.unknown()) }), z.array(z.unknown())])),
})

type Entries = z.output<typeof entriesSchema>
type RequestItems = z.output<typeof requestItemsSchema>['RequestItems']

/** Handles a call of which every second entry fails, beginning with the first. A call without a batch succeeds. */
export async function handlePartially(service: AwsService, call: AwsCall): Promise<AwsResponse> {
  const entries = entriesSchema.safeParse(call.input)
  if (call.service === 'sqs' && entries.success) return failEntries(service, call, entries.data)
  const items = requestItemsSchema.safeParse(call.input)
  if (call.service === 'dynamodb' && items.success) return leaveUnprocessed(service, call, items.data.RequestItems)
  if (call.action === 'PublishBatch') return failPublications(service, call)
  return service.handle(call)
}

async function failEntries(service: AwsService, call: AwsCall, { Entries }: Entries): Promise<AwsResponse> {
  const failed = Entries.filter((_, index) => index % 2 === 0)
  const kept = Entries.filter((_, index) => index % 2 === 1)
  const Failed = failed.map(({ Id }) => ({ Id, SenderFault: false, Code: 'InternalError', Message: 'injected' }))
  if (kept.length === 0) return respond({ Successful: [], Failed })
  const response = await service.handle(withInput(call, { ...call.input, Entries: kept }))
  return response.status === 200 ? respond({ ...parse(response), Failed }) : response
}

/** DynamoDB leaves what it could not process to the caller, and fails only if it could process nothing. */
async function leaveUnprocessed(service: AwsService, call: AwsCall, items: RequestItems): Promise<AwsResponse> {
  const name = call.action === 'BatchGetItem' ? 'UnprocessedKeys' : 'UnprocessedItems'
  const kept = select(items, (index) => index % 2 === 1)
  if (Object.keys(kept).length === 0) {
    return awsError(call, 400, 'ProvisionedThroughputExceededException', 'A fault injected by the local runner')
  }
  const response = await service.handle(withInput(call, { ...call.input, RequestItems: kept }))
  if (response.status !== 200) return response
  return { ...response, ...respond({ ...parse(response), [name]: select(items, (index) => index % 2 === 0) }) }
}

function select(items: RequestItems, isSelected: (index: number) => boolean): RequestItems {
  const chosen = Object.entries(items).map(([table, request]) => {
    const list = Array.isArray(request) ? request : request.Keys
    const part = list.filter((_, index) => isSelected(index))
    return [table, part, Array.isArray(request) ? part : { ...request, Keys: part }] as const
  })
  return Object.fromEntries(chosen.filter(([, part]) => part.length > 0).map(([table, , request]) => [table, request]))
}

/** Removes every second entry from the form, and adds it to the failed ones of the response. */
async function failPublications(service: AwsService, call: AwsCall): Promise<AwsResponse> {
  const ids = Object.entries(call.input).flatMap(([name, value]) => {
    const [, number] = /^PublishBatchRequestEntries\.member\.(\d+)\.Id$/.exec(name) ?? []
    return number === undefined ? [] : [{ number, id: String(value) }]
  })
  const failed = ids.filter((_, index) => index % 2 === 0)
  const members = failed
    .map(({ id }) => `<member><Id>${id}</Id><Code>InternalError</Code><SenderFault>false</SenderFault></member>`)
    .join('')
  const prefixes = failed.map(({ number }) => `PublishBatchRequestEntries.member.${number}.`)
  const input = Object.fromEntries(
    Object.entries(call.input).filter(([name]) => !prefixes.some((prefix) => name.startsWith(prefix))),
  )
  if (failed.length === ids.length) {
    const body = `<PublishBatchResponse><PublishBatchResult><Successful/><Failed>${members}</Failed></PublishBatchResult></PublishBatchResponse>`
    return { status: 200, headers: { 'content-type': 'text/xml' }, body }
  }
  const response = await service.handle(withForm(call, input))
  if (response.status !== 200) return response
  const xml = String(response.body)
  const body = /<Failed\s*\/>/.test(xml)
    ? xml.replace(/<Failed\s*\/>/, `<Failed>${members}</Failed>`)
    : xml.replace('<Failed>', `<Failed>${members}`)
  return { ...response, body }
}

function withInput(call: AwsCall, input: Readonly<Record<string, unknown>>): AwsCall {
  return { ...call, input, body: Buffer.from(JSON.stringify(input)) }
}

function withForm(call: AwsCall, input: Readonly<Record<string, unknown>>): AwsCall {
  const form = Object.entries(input).map(([name, value]): [string, string] => [name, String(value)])
  return { ...call, input, body: Buffer.from(new URLSearchParams(form).toString()) }
}

function parse({ body }: AwsResponse): Record<string, unknown> {
  return z.record(z.string(), z.unknown()).parse(JSON.parse(String(body)))
}

function respond(output: object): AwsResponse {
  return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: JSON.stringify(output) }
}
