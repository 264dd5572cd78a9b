import { describe, expect, it } from 'vitest'
import { Census, type ReplayFilter } from '../../../../cli/replay/census.ts'
import { encodePosition, type ReplayPosition, readPosition } from '../../../../cli/replay/position.ts'
import { publishAgain } from '../../../../cli/replay/publish-again.ts'
import { allTime } from '../../../../core/ports/period.ts'
import type { RoomEventMessage, RoomEventTopic } from '../../../../core/ports/topics.ts'
import { event, warningAt } from '../../../support/events.ts'
import { memoryLog } from './memory-log.ts'

const openOf = (room_id: string, at: number) => event('open', { room_id }, { at, trace: `${room_id} ${at}` })
const tooLate = openOf('R', 4)
const probe = event('northbound_probe', { room_id: 'northbound_probe' }, { at: 5 })
const events = [openOf('S', 2), openOf('R', 3), openOf('R', 1), openOf('R', 2), tooLate, warningAt(9), probe]
const inOrder = ['warning_notify', 'R 1', 'R 2', 'R 3', 'S 2']

const nameOf = ({ body }: RoomEventMessage) => (body.event === 'open' ? body.trace_id : body.event)

/** Creates a topic. `failures`: how often it fails before it accepts a message. */
function memoryTopic(failures = 0) {
  const published: string[] = []
  let calls = 0
  const topic: RoomEventTopic = {
    async publish(messages) {
      if (calls++ < failures) return new Map(messages.map((message) => [message, new Error('throttled')]))
      published.push(...messages.map(nameOf))
      return new Map()
    },
  }
  return { topic, published }
}

async function takeCensus(chosen: Partial<ReplayFilter> = {}) {
  const { log } = memoryLog(events, [tooLate])
  const filter = { room_id: undefined, events: undefined, period: allTime, ...chosen }
  const census = new Census(filter)
  for await (const entries of log.scan(filter.room_id, filter.period)) for (const entry of entries) census.add(entry)
  return { log, census, filter }
}

/** @param maxPages number of pages after which the replay is stopped. */
async function replay(topic: RoomEventTopic, after?: ReplayPosition, maxPages = Number.POSITIVE_INFINITY) {
  const { log, census, filter } = await takeCensus()
  const stop = new AbortController()
  let pages = 0
  const onProgress = () => {
    if (++pages === maxPages) stop.abort()
  }
  const options = { filter, sources: census.sources(), rate: 100_000, after }
  return publishAgain(log, topic, options, onProgress, stop.signal)
}

describe('publishAgain', () => {
  it('publishes each event once, room by room in the order of the log', async () => {
    const { topic, published } = memoryTopic()
    expect(await replay(topic)).toMatchObject({ read: 6, published: 5, failure: undefined })
    expect(published).toEqual(inOrder)
  })

  it('continues after the position at which it was stopped', async () => {
    const { topic, published } = memoryTopic()
    const { position, failure } = await replay(topic, undefined, 2)
    expect(failure).toBeInstanceOf(Error)
    expect(published).toEqual(inOrder.slice(0, 3))
    const text = encodePosition(position ?? { source: { kind: 'room', id: '' }, cursor: null })
    expect(await replay(topic, readPosition(text))).toMatchObject({ failure: undefined })
    expect(published).toEqual(inOrder)
  })

  it('publishes no more messages a second than asked', async () => {
    const { topic, published } = memoryTopic()
    const { log, census, filter } = await takeCensus()
    const options = { filter, sources: census.sources(), rate: 20, after: undefined }
    const startedAt = performance.now()
    await publishAgain(log, topic, options, () => {}, new AbortController().signal)
    expect(published).toEqual(inOrder)
    // The last of five messages begins 200 ms after the first.
    expect(performance.now() - startedAt).toBeGreaterThan(150)
  })

  it('tries messages again that the topic does not accept', async () => {
    const { topic, published } = memoryTopic(1)
    await replay(topic, { source: { kind: 'room', id: 'R' }, cursor: null })
    expect(published).toEqual(['S 2'])
  })
})

describe('Census', () => {
  it('counts what is published, and what is not', async () => {
    const { census } = await takeCensus()
    expect(census).toMatchObject({ selected: 5, logged: 7, unpublished: 2, closes: 0 })
    expect(census.events()).toEqual({ open: 4, warning_notify: 1 })
    expect(census.sources().map(({ id }) => id)).toEqual(['B', 'R', 'S'])
  })

  it('counts only the events of the filter', async () => {
    const { census } = await takeCensus({ events: new Set(['open']), period: { from: 2, to: 3 } })
    expect(census.events()).toEqual({ open: 2 })
  })

  it('counts a close that is selected only for its session_ended messages', () => {
    const census = new Census({ room_id: undefined, events: new Set(['session_ended']), period: allTime })
    census.add({ event: event('close', { event_type: 'auto' }), quarantined: undefined })
    expect(census).toMatchObject({ selected: 0, closes: 1 })
    expect(census.sources()).toEqual([{ kind: 'room', id: 'R' }])
  })
})

describe('readPosition', () => {
  it.each(['', 'x', Buffer.from('[1]').toString('base64url')])('refuses "%s"', (text) => {
    expect(() => readPosition(text)).toThrow('--after is not a position of a replay')
  })
})
