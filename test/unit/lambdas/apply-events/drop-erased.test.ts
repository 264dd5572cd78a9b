import { describe, expect, it } from 'vitest'
import { addErasure } from '../../../../core/erasure/erasures.ts'
import { createErasureCache } from '../../../../lambdas/apply-events/erasure-cache.ts'
import { encodeBody, joinOf, rebuildOf, setUpHandler } from './set-up-handler.ts'

const erasures = addErasure({ key: Buffer.alloc(32, 1), erasedAt: new Map() }, 'U', 100)
const room = { kind: 'room', room_id: 'R' } as const

describe('apply-events after an erasure', () => {
  it('drops what was received before, and applies what was received later and what others sent', async () => {
    const { deliver, readParticipant, log } = setUpHandler({ erasures: { read: async () => erasures } })
    const failed = await deliver(
      ['1', encodeBody(joinOf('U'), 100)],
      ['2', encodeBody(joinOf('V'), 100)],
      ['3', encodeBody(joinOf('U', { trace_id: 'again' }), 101)],
    )
    expect(failed).toEqual([])
    expect(await log.read({ kind: 'participant', room_id: 'R', user_id: 'U' })).toMatchObject([{ trace_id: 'again' }])
    expect(await readParticipant('U')).toMatchObject({ session: { joined_at: 101 } })
    expect(await readParticipant('V')).toMatchObject({ session: { joined_at: 100 } })
  })

  it('logs a close by that person without the person, also when it comes again', async () => {
    const { deliver, log, metricCount } = setUpHandler({ erasures: { read: async () => erasures } })
    const close = { event: 'close', event_type: 'user', room_id: 'R', trace_id: 'c', user_id: 'U', user_name: 'Ann' }
    expect(await deliver(['1', encodeBody(close, 50)])).toEqual([])
    expect(await deliver(['2', encodeBody(close, 50)])).toEqual([])
    expect(await log.read(room)).toMatchObject([{ params: { user_id: '[erased]', user_name: '[erased]' } }])
    expect(metricCount('EventsDuplicate')).toBe(1)
  })

  it('retries all events while the erasures cannot be read, and still executes commands', async () => {
    const read = () => Promise.reject(new Error('throttled'))
    const { deliver, readParticipant, metricCount } = setUpHandler({ erasures: { read } })
    expect(await deliver(['1', encodeBody(joinOf('V'))], ['2', rebuildOf(room)])).toEqual(['1'])
    expect(await readParticipant('V')).toBeUndefined()
    expect(metricCount('ProjectionsRebuilt')).toBe(1)
  })

  it('does not store a projection when a command asks to rebuild an erased participant', async () => {
    const { deliver, store } = setUpHandler()
    const aggregate = { kind: 'participant', room_id: 'R', user_id: 'U' } as const
    expect(await deliver(['1', rebuildOf(aggregate)])).toEqual([])
    expect(await store.read([aggregate])).toMatchObject([{ version: 0 }])
  })
})

describe('the erasures of an environment', () => {
  it('are read once a minute', async () => {
    let time = 0
    let reads = 0
    const reader = {
      async read() {
        reads++
        return erasures
      },
    }
    const cache = createErasureCache(reader, () => time)
    const { signal } = new AbortController()
    for (time of [0, 30_000, 59_999]) await cache.read(signal)
    expect(reads).toBe(1)
    time = 60_000
    await cache.read(signal)
    expect(reads).toBe(2)
    // The clock was set back.
    time = 0
    expect(await cache.read(signal)).toBe(erasures)
    expect(reads).toBe(3)
  })

  it('are not used after a minute if they cannot be read again', async () => {
    let time = 0
    let isBroken = false
    const read = async () => {
      if (isBroken) throw new Error('throttled')
      return undefined
    }
    const cache = createErasureCache({ read }, () => time)
    const { signal } = new AbortController()
    expect(await cache.read(signal)).toBeUndefined()
    isBroken = true
    time = 60_000
    await expect(cache.read(signal)).rejects.toThrow('throttled')
    isBroken = false
    expect(await cache.read(signal)).toBeUndefined()
  })
})
