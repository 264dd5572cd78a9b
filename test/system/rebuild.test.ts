import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type System, startSystem } from '../support/system.ts'

const paramsOf = (event: string, trace_id: string) => ({
  event,
  trace_id,
  room_id: 'R',
  user_id: 'U',
  event_type: 'normal',
  user_name: 'Ann',
})
const participant = { kind: 'participant', room_id: 'R', user_id: 'U' } as const

/** Invokes the function through Lambda's API, as an operator does (docs/runbook.md). */
async function rebuild({ run }: System, request: object) {
  const { awsEndpointUrl, region, outputs } = run
  const scope = `operator/20261126/${region}/lambda/aws4_request`
  const response = await fetch(`${awsEndpointUrl}/2015-03-31/functions/${outputs.RebuildFunctionName}/invocations`, {
    method: 'POST',
    headers: { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0` },
    body: JSON.stringify(request),
  })
  return { failed: response.headers.has('x-amz-function-error'), body: await response.json() }
}

describe('the rebuild function of the running system', () => {
  let system: System
  beforeEach(async () => {
    system = await startSystem()
  })
  afterEach(async () => {
    await system.run.stop()
    expect(system.run.denials).toEqual([])
  })

  const readParticipants = async () => {
    const { body } = await system.query('/api/rooms/R')
    return (body as { participants?: unknown }).participants
  }

  it('reports a damaged projection in a dry run, and has it repaired during traffic', async () => {
    for (const event of ['open', 'join']) await system.callback(paramsOf(event, event))
    await system.settle()
    await system.removeState(participant)
    expect(await readParticipants()).toEqual([])

    const dryRun = await rebuild(system, { room_id: 'R', dry_run: true })
    expect(dryRun.body).toMatchObject({
      checked: 2,
      different: 1,
      differences: [{ aggregate: participant, stored: { state: null }, folded: { state: { user_name: 'Ann' } } }],
      commands: 0,
      cursor: null,
    })
    expect(await readParticipants()).toEqual([])

    const traffic = Array.from({ length: 20 }, (_, index) =>
      system.callback({ ...paramsOf('join', `other-${index}`), user_id: `other-${index}` }),
    )
    expect((await rebuild(system, { all: true })).body).toMatchObject({ different: 1, commands: 1 })
    await Promise.all(traffic)
    await system.settle()
    expect(await readParticipants()).toHaveLength(21)
    expect((await rebuild(system, { all: true })).body).toMatchObject({ checked: 22, different: 0, cursor: null })
  })

  it('says what is wrong with an invalid request', async () => {
    const { failed, body } = await rebuild(system, { rooms: 'R' })
    expect(failed).toBe(true)
    expect(body).toMatchObject({ errorMessage: expect.stringMatching(/^the request is not valid.*"rooms"/s) })
  })

  it('is not needed for an event that was logged but not applied: the retry of its message repairs its projection', async () => {
    await system.callback(paramsOf('join', 'join'))
    await system.settle()
    // A late event is logged, and then its stream must be queried.
    const fault = { service: 'dynamodb', action: 'Query', principal: 'ApplyEvents', status: 500 }
    const removeFault = system.run.inject(fault)
    await system.enqueue(paramsOf('join', 'late'), Date.now() - 60_000)
    await expect.poll(() => system.countItems('EventLogTableName'), { timeout: 20_000 }).toBe(2)
    expect(await readParticipants()).toMatchObject([{ reconnects: 0 }])
    removeFault()
    await system.settle()
    expect(await readParticipants()).toMatchObject([{ reconnects: 1 }])
    expect((await rebuild(system, { all: true })).body).toMatchObject({ different: 0 })
  })
})
