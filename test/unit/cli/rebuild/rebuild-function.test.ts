import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import { lambdaRebuildFunction } from '../../../../cli/rebuild/rebuild-function.ts'

let server: Server | undefined
afterEach(() => server?.close())

type Answer = { readonly status?: number; readonly headers?: Record<string, string>; readonly body: unknown }

const completed = { checked: 1, different: 0, unsettled: 0, differences: [], commands: 0, cursor: null }
const crashed: Answer = { headers: { 'x-amz-function-error': 'Unhandled' }, body: { errorMessage: 'Task timed\nout' } }

/** Starts Lambda, which gives these answers one after another, the last one again and again. */
async function startLambda(...answers: readonly Answer[]) {
  const requests: unknown[] = []
  server = createServer(async (request, response) => {
    requests.push(await json(request))
    const answer = answers[Math.min(requests.length, answers.length) - 1]
    response.writeHead(answer?.status ?? 200, { 'content-type': 'application/json', ...answer?.headers })
    response.end(JSON.stringify(answer?.body))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const rebuild = lambdaRebuildFunction({ endpoint, region: 'us-east-1', credentials }, 'rebuild', 1)
  const call = () => rebuild({ room_id: 'R', dry_run: true, cursor: 'c' }, new AbortController().signal)
  return { call, requests }
}

describe('lambdaRebuildFunction', () => {
  it('sends the request and returns the response', async () => {
    const { call, requests } = await startLambda({ body: completed })
    expect(await call()).toEqual(completed)
    expect(requests).toEqual([{ room_id: 'R', dry_run: true, cursor: 'c' }])
  })

  it('repeats an invocation that crashed or timed out', async () => {
    const { call, requests } = await startLambda(crashed, crashed, { body: completed })
    expect(await call()).toEqual(completed)
    expect(requests).toHaveLength(3)
  })

  it('reports the error of a function that fails each time, in one line', async () => {
    const { call, requests } = await startLambda(crashed)
    await expect(call()).rejects.toThrow('the function rebuild failed: Task timed out')
    expect(requests).toHaveLength(4)
  })

  it('names the type of an error without a message', async () => {
    const body = { errorMessage: '', errorType: 'Runtime.ExitError' }
    const { call } = await startLambda({ ...crashed, body })
    await expect(call()).rejects.toThrow('the function rebuild failed: Runtime.ExitError')
  })

  it('says that the function is of another version if its response cannot be read, without a repetition', async () => {
    const { call, requests } = await startLambda({ body: { ...completed, cursor: 7 } })
    await expect(call()).rejects.toThrow(/^the response of the function rebuild cannot be read: deploy the version/)
    expect(requests).toHaveLength(1)
  })

  it('refuses a cursor that the function refuses, without a repetition', async () => {
    const body = { errorMessage: '', errorType: 'InvalidCursorError' }
    const { call, requests } = await startLambda({ ...crashed, body })
    await expect(call()).rejects.toMatchObject({ message: '--cursor is not a position of a rebuild', exitCode: 2 })
    expect(requests).toHaveLength(1)
  })

  it('waits while the function is throttled', async () => {
    const throttled = { status: 429, headers: { 'x-amzn-errortype': 'TooManyRequestsException' }, body: {} }
    const { call } = await startLambda(throttled, { body: completed })
    expect(await call()).toEqual(completed)
  })
})
