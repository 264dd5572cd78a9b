import { describe, expect, it } from 'vitest'
import { memoryProjectionStore } from '../../../../adapters/memory/projection-store.ts'
import { emptyProjection } from '../../../../core/projection/projection.ts'
import { unknownFoldVersion } from '../../../../core/state/fold-version.ts'
import { event } from '../../../support/events.ts'
import { encodeBody, joinOf, maxReceiveCount, rebuildOf, setUpHandler } from './set-up-handler.ts'

const participant = { kind: 'participant', room_id: 'R', user_id: 'a' } as const

describe('createHandler with a message that fails at its last receive', () => {
  const write = () => Promise.reject(new Error('no capacity'))

  it('marks the projection, so that the next event folds all events of the log', async () => {
    const store = memoryProjectionStore()
    let isBroken = true
    const { deliver, readParticipant } = setUpHandler({
      store,
      write: (projection) => (isBroken ? write() : store.write(projection)),
    })
    const join = encodeBody(joinOf('a', { user_name: 'Ann' }))
    expect(await deliver(['1', join, maxReceiveCount])).toEqual(['1'])
    isBroken = false
    await deliver(['2', encodeBody({ ...joinOf('a'), event: 'leave', trace_id: 'leave' }, 20)])
    expect(await readParticipant('a')).toMatchObject({ user_name: 'Ann', session: { joined_at: 10, end: { at: 20 } } })
  })

  it('marks the projection of a command, too', async () => {
    const { deliver, store, log } = setUpHandler({ write })
    await log.append(event('join', { room_id: 'R', user_id: 'a' }))
    await deliver(['1', rebuildOf(participant), maxReceiveCount])
    expect(await store.read([participant])).toMatchObject([{ version: 1, foldVersion: unknownFoldVersion }])
  })

  it('marks no projection at an earlier receive or for another message', async () => {
    const { deliver, store } = setUpHandler({ write })
    await deliver(['1', encodeBody(joinOf('a')), maxReceiveCount - 1], ['2', 'oops', maxReceiveCount])
    expect(await store.read([participant])).toEqual([emptyProjection(participant)])
  })

  it('counts a projection that could not be marked, and retries the message all the same', async () => {
    const { deliver, metricCount } = setUpHandler({ write, markOutdated: write })
    expect(await deliver(['1', encodeBody(joinOf('a')), maxReceiveCount])).toEqual(['1'])
    expect(metricCount('MarksFailed')).toBe(1)
  })
})
