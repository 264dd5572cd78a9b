import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findQueryFault } from '../support/abuse/find-query-fault.ts'
import { anyHostileCallback, codeFormats, hmac, receiverKeys } from '../support/abuse/hostile-callback.ts'
import { anyHostileQuery, apiTokens } from '../support/abuse/hostile-query.ts'
import { FuzzTally, fuzzParameters } from '../support/abuse/measure.ts'
import { createSender, type Sender } from '../support/abuse/send-request.ts'
import { type System, startSystem } from '../support/system.ts'

const [key] = receiverKeys
const [apiToken] = apiTokens
const parameters = fuzzParameters(300)
const timeout = 60_000 + parameters.numRuns * 100

/** Lists that have cursors once there are callbacks. */
const lists = [
  'rooms',
  'rooms?status=all',
  'boxes',
  'recordings',
  'refused',
  'room?room_id=R1',
  'events?room_id=R1',
  'sessions?room_id=R1',
  'sessions?user_id=u-7',
]

describe('the running system, given any requests', () => {
  const lines: string[] = []
  const codes: string[] = []
  let system: System
  let send: Sender

  beforeAll(async () => {
    system = await startSystem({ checkCodeKey: key, apiToken, logs: 'all', log: (line) => lines.push(line) })
    send = createSender(system.run.url)
  })
  afterAll(async () => {
    send.close()
    await system.run.stop()
  })

  it('stores only what is signed, and fails with nothing', { timeout }, async () => {
    const tally = new FuzzTally()
    for (const { request, canonical, code } of fc.sample(anyHostileCallback, parameters)) {
      const { statusCode, body } = await send(request)
      tally.add(statusCode)
      expect(statusCode, body).toBeLessThan(500)
      if (statusCode !== 200) continue
      codes.push(code)
      expect(codeFormats.map((format) => hmac(key, canonical).toString(format))).toContain(code)
    }
    await system.settle()
    tally.print('callbacks over HTTP')
    expect(await system.countItems('EventLogTableName')).toBeLessThanOrEqual(tally.count(200))
    expect(await system.countMessages('DeadLetterQueueUrl')).toBe(0)
  })

  it('answers queries with data only to those who have the token', { timeout }, async () => {
    const pages = lists.map(async (list) => {
      const { body } = await system.query(`/api/${list}${list.includes('?') ? '&' : '?'}limit=1`)
      return (body as { cursor: string | null }).cursor
    })
    const cursors = (await Promise.all(pages)).filter((cursor) => cursor !== null)
    expect(cursors.length).toBeGreaterThan(lists.length / 2)
    const tally = new FuzzTally()
    for (const query of fc.sample(anyHostileQuery(cursors), parameters)) {
      const response = await send(query.request)
      tally.add(response.statusCode)
      expect(response.statusCode, `${JSON.stringify(query)} ${response.body}`).toBeLessThan(500)
      if (response.statusCode === 200 && query.request.method !== 'HEAD')
        expect(findQueryFault(response, query)).toBeUndefined()
    }
    tally.print('queries over HTTP')
    expect(tally.count(200)).toBeGreaterThan(0)
  })

  it('logs no error and no secret', () => {
    const log = lines.join('\n')
    for (const secret of [...receiverKeys, ...apiTokens, ...codes]) expect(log).not.toContain(secret)
    expect(lines.filter((line) => line.includes('"level":"ERROR"'))).toEqual([])
    expect(system.run.denials).toEqual([])
  })
})
