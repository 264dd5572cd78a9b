import { inspect } from 'node:util'
import { expect, it } from 'vitest'
import { encodeBody, joinOf, maxReceiveCount, rebuildOf, setUpHandler } from './set-up-handler.ts'

const user_id = '13800138000'
const participant = { kind: 'participant', room_id: 'R', user_id } as const
const join = encodeBody(joinOf(user_id, { trace_id: 't', user_name: '王小明' }))
const write = () => Promise.reject(new Error('no capacity'))

it('apply-events logs no user id or name, whatever becomes of a message', async () => {
  const healthy = setUpHandler()
  await healthy.deliver(['1', join], ['2', join], ['3', rebuildOf(participant)])
  await healthy.deliver(['4', encodeBody({ event: 'hologram_on', room_id: 'R', user_id, trace_id: 'u' })])
  await healthy.deliver(['5', JSON.stringify({ trace_id: 'x', received_at: 'never', params: { user_id } })])
  const unmarkable = setUpHandler({ write, markOutdated: write })
  const unwritable = setUpHandler({ write })
  const unpublished = setUpHandler({
    publish: async (messages) => new Map(messages.map((message) => [message, new Error('no topic')])),
  })
  for (const { deliver } of [unwritable, unmarkable, unpublished])
    await deliver(['1', join, maxReceiveCount], ['2', rebuildOf(participant), maxReceiveCount])
  const lines = [healthy, unwritable, unmarkable, unpublished].flatMap(({ info, warn, error }) =>
    [info, warn, error].flatMap(({ mock }) => mock.calls.map((call) => inspect(call, { depth: null }))),
  )
  for (const part of ['projection rebuilt', 'marked for a rebuild', 'not marked', 'quarantined', 'not published'])
    expect(lines.filter((line) => line.includes(part))).not.toEqual([])
  expect(lines.filter((line) => line.includes(user_id) || line.includes('王小明'))).toEqual([])
})
