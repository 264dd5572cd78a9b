import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addEarlierStreams, traceRoomMedia } from '../../../../core/meetings/media-timeline.ts'
import { event } from '../../../support/events.ts'
import { anyHistory, denseHistory, stepsOf } from '../../../support/participant-histories.ts'

const audio = { stream_id: 'a', stream_type: 'audio' }
const traceOf = (...events: Parameters<typeof traceRoomMedia>[0]) => traceRoomMedia(events).get('U')

describe('traceRoomMedia', () => {
  it('lists when streams were on, until they are off, their session ends, or the room closes', () => {
    const trace = traceOf(
      event('join', {}, { at: 1000 }),
      event('publish', audio, { at: 2000 }),
      event('unpublish', audio, { at: 9000 }),
      event('publish', { ...audio, stream_type: 'desktop' }, { at: 10_000 }),
      event('leave', { event_type: 'normal' }, { at: 20_000 }),
      event('join', {}, { at: 100_000 }),
      event('publish', audio, { at: 101_000 }),
      event('close', { event_type: 'user' }, { at: 200_000 }),
    )
    expect(trace).toEqual({
      streams: [
        { ...audio, from: 2000, to: 9000 },
        { ...audio, stream_type: 'desktop', from: 10_000, to: 20_000 },
        { ...audio, from: 101_000, to: 200_000 },
      ],
      reconnects: [],
    })
  })

  it('has an entry for each user, and none for the room', () => {
    const traced = traceRoomMedia([event('open'), event('join'), event('join', { user_id: 'V' }), event('close')])
    expect([...traced.keys()]).toEqual(['U', 'V'])
  })

  it('has a reconnect only where a new connection replaces another one', () => {
    const trace = traceOf(
      event('join', {}, { at: 1000 }),
      event('join', {}, { at: 1000, source: 'reconcile' }),
      event('join', {}, { at: 50_000 }),
      event('leave', { event_type: 'normal' }, { at: 200_000 }),
      event('join', {}, { at: 900_000 }),
    )
    expect(trace?.reconnects).toEqual([50_000])
  })

  it('ends with the streams and as many reconnects of the session as the state of the participant', () => {
    fc.assert(
      fc.property(fc.oneof(anyHistory, denseHistory), (history) => {
        const state = stepsOf(history).at(-1)?.after
        if (state?.kind !== 'participant') return
        const { streams, reconnects } = traceOf(...history) ?? { streams: [], reconnects: [] }
        const on = streams.filter(({ to }) => to === null).map(({ stream_type, from }) => [from, stream_type])
        expect(on.sort()).toEqual(state.streams.map(({ stream_type, since }) => [since, stream_type]).sort())
        for (const { from, to } of streams) expect(to ?? from).toBeGreaterThanOrEqual(from)
        const { session } = state
        const ofSession = reconnects.filter((at) => session !== null && at >= session.joined_at)
        if (session !== null) expect(ofSession).toHaveLength(session.reconnects)
      }),
    )
  })
})

describe('addEarlierStreams', () => {
  const current = [{ ...audio, since: 1000, resolution: null }]
  const video = { ...audio, stream_type: 'video' }

  it('adds what is on since before the events, once', () => {
    const traced = [
      { ...video, from: 60_000, to: 70_000 },
      { ...audio, from: 80_000, to: null },
    ]
    expect(addEarlierStreams(traced, current, 50_000)).toEqual([
      { ...audio, from: 1000, to: null },
      { ...video, from: 60_000, to: 70_000 },
    ])
  })

  it('adds only what began before the events, in order', () => {
    expect(addEarlierStreams([], current, 1000)).toEqual([])
    const later = { ...video, since: 2000, resolution: null }
    expect(addEarlierStreams([], [later, ...current], 5000).map(({ from }) => from)).toEqual([1000, 2000])
  })

  it('keeps what has ended, and other streams', () => {
    const traced = [
      { ...audio, from: 60_000, to: 70_000 },
      { ...video, from: 80_000, to: null },
      { ...audio, stream_id: 'b', from: 90_000, to: null },
    ]
    expect(addEarlierStreams(traced, current, 50_000)).toEqual([{ ...audio, from: 1000, to: null }, ...traced])
  })

  it('adds nothing that the events show', () => {
    const traced = [{ ...audio, from: 1000, to: null }]
    expect(addEarlierStreams(traced, current, 1000)).toEqual(traced)
  })
})
