import { describe, expect, it } from 'vitest'
import { eventAt, participantAfter, streamsAfter, subscriptionsAfter } from './states.ts'

const publishAt = (ms: number, stream_id = 'S', params = {}) =>
  eventAt(ms, 'publish', { stream_id, stream_type: 'video', ...params })
const unpublishAt = (ms: number, stream_id = 'S') => eventAt(ms, 'unpublish', { stream_id, stream_type: 'video' })
const subAt = (ms: number, stream_id = 'S') => eventAt(ms, 'sub', { stream_id, stream_type: 'audio' })
const unsubAt = (ms: number, stream_id = 'S') => eventAt(ms, 'unsub', { stream_id, stream_type: 'audio' })
const join = eventAt(10, 'join')
const leave = eventAt(50, 'leave', { event_type: 'normal' })
const close = eventAt(50, 'close', { event_type: 'auto' })

describe('the streams of a participant', () => {
  it('include a published stream with its type, its resolution and the time of the publish', () => {
    expect(participantAfter(join, publishAt(20, 'S', { resolution: '640x480' }))?.streams).toEqual([
      { stream_id: 'S', stream_type: 'video', resolution: '640x480', since: 20 },
    ])
    expect(participantAfter(join, eventAt(20, 'publish', { stream_id: 'S', stream_type: 'audio' }))?.streams).toEqual([
      { stream_id: 'S', stream_type: 'audio', resolution: null, since: 20 },
    ])
  })

  it('exclude an unpublished stream until it is published again', () => {
    expect(streamsAfter(join, publishAt(20), unpublishAt(30))).toEqual([])
    expect(participantAfter(join, publishAt(20), unpublishAt(30), publishAt(40))?.streams).toMatchObject([
      { stream_id: 'S', since: 40 },
    ])
  })

  it('are identified by their stream_id and their type', () => {
    const audio = { stream_id: 'S', stream_type: 'audio' }
    expect(
      participantAfter(join, eventAt(20, 'publish', audio), publishAt(20), eventAt(30, 'unpublish', audio))?.streams,
    ).toMatchObject([{ stream_id: 'S', stream_type: 'video' }])
  })

  it('are removed one by one', () => {
    expect(
      streamsAfter(join, publishAt(20, 'a'), publishAt(21, 'b'), publishAt(22, 'c'), unpublishAt(30, 'b')),
    ).toEqual(['a', 'c'])
  })

  it('include a stream once, since its first publish, if it is published twice', () => {
    expect(participantAfter(join, publishAt(20), publishAt(30))?.streams).toMatchObject([{ stream_id: 'S', since: 20 }])
  })

  it('do not change if an unpublish names an unpublished stream', () => {
    expect(streamsAfter(join, publishAt(20, 'a'), unpublishAt(30, 'b'))).toEqual(['a'])
  })

  it('are kept when a new connection begins within the tolerance', () => {
    expect(streamsAfter(join, publishAt(20), eventAt(30, 'join'))).toEqual(['S'])
  })

  it.each([
    ['after a leave', [join, publishAt(20), leave]],
    ["after the room's close", [join, publishAt(20), close]],
    ['published after a leave', [join, leave, publishAt(60)]],
    ["published after the room's close", [join, close, publishAt(60)]],
    ['in the next session', [join, publishAt(20), leave, eventAt(60, 'join')]],
  ])('are empty outside the session they were published in: %s', (_, events) => {
    expect(streamsAfter(...events)).toEqual([])
  })

  it('are not affected by events of other users or rooms', () => {
    expect(streamsAfter(join, publishAt(20, 'S', { user_id: 'V' }), publishAt(20, 'S', { room_id: 'Q' }))).toEqual([])
    expect(
      streamsAfter(
        join,
        publishAt(20),
        eventAt(30, 'unpublish', { stream_id: 'S', stream_type: 'video', user_id: 'V' }),
      ),
    ).toEqual(['S'])
  })
})

describe('the subscriptions of a participant', () => {
  it('include a stream from its sub to its unsub', () => {
    expect(participantAfter(join, subAt(20))?.subscriptions).toEqual([
      { stream_id: 'S', stream_type: 'audio', since: 20 },
    ])
    expect(subscriptionsAfter(join, subAt(20), unsubAt(30))).toEqual([])
    expect(participantAfter(join, subAt(20), unsubAt(30), subAt(40))?.subscriptions).toMatchObject([{ since: 40 }])
  })

  it('are independent of a published stream with the same stream_id', () => {
    expect(subscriptionsAfter(join, subAt(20), publishAt(21), unpublishAt(30))).toEqual(['S'])
    expect(streamsAfter(join, subAt(20), publishAt(21), unsubAt(30))).toEqual(['S'])
  })

  it('include a stream once, since its first sub, if it is subscribed twice', () => {
    expect(participantAfter(join, subAt(20), subAt(30))?.subscriptions).toMatchObject([{ stream_id: 'S', since: 20 }])
  })

  it.each([
    ['after a leave', [join, subAt(20), leave]],
    ["after the room's close", [join, subAt(20), close]],
    ['made after a leave', [join, leave, subAt(60)]],
    ['in the next session', [join, subAt(20), leave, eventAt(60, 'join')]],
  ])('are empty outside the session they were made in: %s', (_, events) => {
    expect(subscriptionsAfter(...events)).toEqual([])
  })
})
