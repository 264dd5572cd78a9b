import { describe, expect, it } from 'vitest'
import { at, participant, streams, subscriptions } from './states.ts'

const on = (ms: number, stream_id = 'S', params = {}) =>
  at(ms, 'publish', { stream_id, stream_type: 'video', ...params })
const off = (ms: number, stream_id = 'S') => at(ms, 'unpublish', { stream_id, stream_type: 'video' })
const sub = (ms: number, stream_id = 'S') => at(ms, 'sub', { stream_id, stream_type: 'audio' })
const unsub = (ms: number, stream_id = 'S') => at(ms, 'unsub', { stream_id, stream_type: 'audio' })
const join = at(10, 'join')
const leave = at(50, 'leave', { event_type: 'normal' })
const close = at(50, 'close', { event_type: 'auto' })

describe('a stream', () => {
  it('is on after publish, with its type, its resolution and since when', () => {
    expect(participant(join, on(20, 'S', { resolution: '640x480' }))?.streams).toEqual([
      { stream_id: 'S', stream_type: 'video', resolution: '640x480', since: 20 },
    ])
    expect(participant(join, at(20, 'publish', { stream_id: 'S', stream_type: 'audio' }))?.streams).toEqual([
      { stream_id: 'S', stream_type: 'audio', resolution: null, since: 20 },
    ])
  })

  it('is off after unpublish, and on again after another publish', () => {
    expect(streams(join, on(20), off(30))).toEqual([])
    expect(participant(join, on(20), off(30), on(40))?.streams).toMatchObject([{ stream_id: 'S', since: 40 }])
  })

  it('is one of several, told by its stream_id', () => {
    expect(streams(join, on(20, 'a'), on(21, 'b'), on(22, 'c'), off(30, 'b'))).toEqual(['a', 'c'])
  })

  it('published twice is on once, since the first time', () => {
    expect(participant(join, on(20), on(30))?.streams).toMatchObject([{ stream_id: 'S', since: 20 }])
  })

  it('that goes off without having been on changes nothing', () => {
    expect(streams(join, on(20, 'a'), off(30, 'b'))).toEqual(['a'])
  })

  it('stays on when its publisher reconnects: it is the same session', () => {
    expect(streams(join, on(20), at(30, 'join'))).toEqual(['S'])
  })

  it.each([
    ['before the session', [on(5), join]],
    ['without any session', [on(5)]],
    ['after a leave', [join, on(20), leave]],
    ["after the room's close", [join, on(20), close]],
    ['published after a leave', [join, leave, on(60)]],
    ["published after the room's close", [join, close, on(60)]],
    ['in the next session', [join, on(20), leave, at(60, 'join')]],
  ])('is never on outside the current session of its publisher: %s', (_, events) => {
    expect(streams(...events)).toEqual([])
  })

  it('that is on is of no concern to other people or rooms', () => {
    expect(streams(join, on(20, 'S', { user_id: 'V' }), on(20, 'S', { room_id: 'Q' }))).toEqual([])
    expect(streams(join, on(20), at(30, 'unpublish', { stream_id: 'S', user_id: 'V' }))).toEqual(['S'])
  })
})

describe('a subscription', () => {
  it('is on after sub and off after unsub', () => {
    expect(participant(join, sub(20))?.subscriptions).toEqual([{ stream_id: 'S', stream_type: 'audio', since: 20 }])
    expect(subscriptions(join, sub(20), unsub(30))).toEqual([])
    expect(participant(join, sub(20), unsub(30), sub(40))?.subscriptions).toMatchObject([{ since: 40 }])
  })

  it('is another thing than a stream of the same id', () => {
    expect(subscriptions(join, sub(20), on(21), off(30))).toEqual(['S'])
    expect(streams(join, sub(20), on(21), unsub(30))).toEqual(['S'])
  })

  it('made twice is one, since the first time', () => {
    expect(participant(join, sub(20), sub(30))?.subscriptions).toMatchObject([{ stream_id: 'S', since: 20 }])
  })

  it.each([
    ['before the session', [sub(5), join]],
    ['without any session', [sub(5)]],
    ['after a leave', [join, sub(20), leave]],
    ["after the room's close", [join, sub(20), close]],
    ['made after a leave', [join, leave, sub(60)]],
    ['in the next session', [join, sub(20), leave, at(60, 'join')]],
  ])('is never on outside the current session: %s', (_, events) => {
    expect(subscriptions(...events)).toEqual([])
  })
})
