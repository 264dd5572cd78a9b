import { setTimeout as sleep } from 'node:timers/promises'
import { readEmf } from '@northbound/template-runner'
import { afterEach, expect, it } from 'vitest'
import { callbacks } from '../../names/metrics.ts'
import { outcomeDimension } from '../../names/outcomes.ts'
import { type System, signParameters, startSystem } from '../support/system.ts'

const key = 'k'
const join = (user: string) => ({
  event: 'join',
  trace_id: `join-${user}`,
  room_id: 'R',
  user_id: user,
  event_type: 'normal',
})

let system: System
const lines: string[] = []
afterEach(() => system.run.stop())

/** Sums what a function added to the metric of callbacks. One line may count several. */
const countOutcomes = (functionName: string, outcome: string) =>
  lines
    .filter((line) => line.startsWith(`${functionName}: {"_aws"`))
    .flatMap((line) => readEmf(line.slice(functionName.length + 2)))
    .filter(({ metric }) => metric.name === callbacks && metric.dimensions[outcomeDimension] === outcome)
    .flatMap(({ values }) => values)
    .reduce((sum, value) => sum + value, 0)

/** Sends genuine and forged callbacks. @returns the statuses of the responses. */
async function sendMixed(genuine: readonly string[], forged: readonly string[]): Promise<number[]> {
  const requests = [
    ...genuine.map((user) => signParameters(join(user), key)),
    ...forged.map((user) => signParameters(join(user), 'forged')),
  ]
  return (await Promise.all(requests.map((params) => system.callback(params)))).map(({ status }) => status)
}

it('callbacks are queued while the key cannot be read, cold and warm, and verified once it can be read', async () => {
  system = await startSystem({ checkCodeKey: key, logs: 'all', log: (line) => lines.push(line) })
  const failing = { service: 'secretsmanager', status: 400, code: 'ThrottlingException' }
  // Cold: no function has a key.
  const recover = system.run.inject(failing)
  expect(await sendMixed(['a', 'b', 'c'], ['x', 'y'])).toEqual([200, 200, 200, 200, 200])
  await sleep(500)
  expect(await system.countItems('EventLogTableName')).toBe(0)
  expect(await system.countMessages('EventQueueUrl')).toBe(5)
  recover()
  await system.settle()
  // Nothing has been refused at once, so these samples are from apply-events.
  const sampled = await system.query('/api/refused')
  expect(sampled.body).toMatchObject({
    items: expect.arrayContaining([
      expect.objectContaining({ outcome: 'check_code_wrong', source_address: '127.0.0.1' }),
    ]),
  })
  // A new environment reads the key at once, an old one two seconds after it has failed.
  await system.run.recycle('ReceiveCallback')
  expect(await sendMixed(['d'], ['z'])).toEqual([200, 401])
  // Warm: genuine callbacks are verified with the known key, and forged ones wait until it has been read again.
  await sleep(2_000)
  const recoverAgain = system.run.inject(failing)
  expect(await sendMixed(['e', 'f'], ['v', 'w'])).toEqual([200, 200, 200, 200])
  recoverAgain()
  await system.settle()
  expect(countOutcomes('ReceiveCallback', 'accepted_unverified')).toBe(7)
  expect(countOutcomes('ApplyEvents', 'check_code_wrong')).toBe(4)
  expect(countOutcomes('ReceiveCallback', 'check_code_wrong')).toBe(1)
  const counts = await system.query('/api/callbacks')
  expect(counts.body).toMatchObject({
    callbacks: 6,
    refused: expect.arrayContaining([{ outcome: 'check_code_wrong', callbacks: 5 }]),
  })
  const { body } = await system.query('/api/rooms/R')
  const { participants } = body as { participants: { user_id: string; reconnects: number }[] }
  expect(participants.map(({ user_id }) => user_id).sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
  expect(participants.filter(({ reconnects }) => reconnects > 0)).toEqual([])
  expect(await system.countItems('EventLogTableName')).toBe(6)
  expect(await system.countMessages('EventQueueUrl')).toBe(0)
  expect(await system.countMessages('DeadLetterQueueUrl')).toBe(0)
})
