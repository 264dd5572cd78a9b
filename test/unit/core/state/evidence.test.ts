import { describe, expect, it } from 'vitest'
import { toleranceMs } from '../../../../core/state/connections.ts'
import { correctionAt, eventAt, sessionAfter, streamsAfter } from './states.ts'

const second = 1000
const minute = 60 * second
const joinAt = (ms: number) => eventAt(ms, 'join', { endpoint_type: 'web' })
const leaveAt = (ms: number, event_type = 'normal') => eventAt(ms, 'leave', { event_type })
const publishAt = (ms: number, stream_id = 'S') => eventAt(ms, 'publish', { stream_id, stream_type: 'audio' })
const unpublishAt = (ms: number, stream_id = 'S') => eventAt(ms, 'unpublish', { stream_id, stream_type: 'audio' })

describe('media without a session', () => {
  it.each(['publish', 'sub'])('start an estimated session: %s', (name) => {
    const medium = eventAt(10, name, { stream_id: 'S', stream_type: 'audio' })
    expect(sessionAfter(medium)).toMatchObject({ joined_at: 10, start_estimated: true, end: null })
  })

  it.each(['publish', 'sub', 'update'])('start no session if they are estimated: %s', (name) => {
    const medium = correctionAt(70 * minute, name, { stream_id: 'S', stream_type: 'audio' })
    expect(sessionAfter(medium)).toBeUndefined()
    const reconciled = [joinAt(0), correctionAt(60 * minute, 'leave')]
    expect(sessionAfter(...reconciled, medium)).toEqual(sessionAfter(...reconciled))
  })

  it('belong to a join that follows within the tolerance', () => {
    const events = [publishAt(10), joinAt(10 + toleranceMs)]
    expect(sessionAfter(...events)).toMatchObject({
      joined_at: 10 + toleranceMs,
      start_estimated: false,
      reconnects: 0,
    })
    expect(streamsAfter(...events)).toEqual(['S'])
  })

  it('stay a session of their own if a join follows later', () => {
    const events = [publishAt(10), joinAt(11 + toleranceMs)]
    expect(sessionAfter(...events)).toMatchObject({ joined_at: 10, start_estimated: true, reconnects: 1 })
  })

  it('belong to the same join if each began within the tolerance after the one before', () => {
    const events = [publishAt(0, 'a'), publishAt(4 * second, 'b'), joinAt(8 * second)]
    expect(sessionAfter(...events)).toMatchObject({ joined_at: 8 * second, start_estimated: false })
    expect(streamsAfter(...events)).toEqual(['a', 'b'])
  })

  it('are confirmed as a session by a pause that is longer than the tolerance', () => {
    const events = [publishAt(0, 'a'), publishAt(6 * second, 'b'), joinAt(8 * second)]
    expect(sessionAfter(...events)).toMatchObject({ joined_at: 0, start_estimated: true, reconnects: 1 })
    expect(streamsAfter(...events)).toEqual(['b'])
  })
})

describe('media right after a genuine end', () => {
  const ended = [joinAt(0), leaveAt(minute)]

  it('change nothing', () => {
    expect(sessionAfter(...ended, publishAt(minute + toleranceMs - 1))).toEqual(sessionAfter(...ended))
    expect(streamsAfter(...ended, publishAt(minute + second))).toEqual([])
  })

  it('belong to a join that follows within the tolerance', () => {
    const events = [...ended, publishAt(minute + second), joinAt(minute + 2 * second)]
    expect(sessionAfter(...events)).toMatchObject({ joined_at: minute + 2 * second, start_estimated: false })
    expect(streamsAfter(...events)).toEqual(['S'])
  })

  it('are forgotten if they end before the join', () => {
    const events = [...ended, publishAt(minute + second), unpublishAt(minute + 1500), joinAt(minute + 2 * second)]
    expect(streamsAfter(...events)).toEqual([])
  })

  it('start an estimated session once the tolerance is over', () => {
    const at = minute + toleranceMs
    expect(sessionAfter(...ended, publishAt(at))).toMatchObject({ joined_at: at, start_estimated: true, end: null })
  })

  it('change nothing after a close of the room', () => {
    const closed = [joinAt(0), eventAt(minute, 'close', { event_type: 'auto' })]
    expect(sessionAfter(...closed, publishAt(minute + second))).toEqual(sessionAfter(...closed))
  })
})

describe('evidence after an estimated leave', () => {
  const reconciled = [joinAt(0), publishAt(second, 'mic'), publishAt(second, 'cam'), correctionAt(60 * minute, 'leave')]

  it.each([
    ['publish', { stream_id: 'x', stream_type: 'audio' }],
    ['sub', { stream_id: 'x', stream_type: 'audio' }],
    ['unpublish', { stream_id: 'x', stream_type: 'audio' }],
    ['unsub', { stream_id: 'x', stream_type: 'audio' }],
    ['update', { user_name: 'Ann' }],
  ])('voids it within 30 minutes, media included: %s', (name, params) => {
    const inTime = sessionAfter(...reconciled, eventAt(90 * minute, name, params))
    expect(inTime).toMatchObject({ joined_at: 0, start_estimated: false, end: null })
    expect(streamsAfter(...reconciled, eventAt(90 * minute, name, params))).toEqual(
      expect.arrayContaining(['mic', 'cam']),
    )
  })

  it('starts an estimated session after 30 minutes if it is a publish or sub, and changes nothing otherwise', () => {
    const late = 90 * minute + 1
    expect(sessionAfter(...reconciled, publishAt(late))).toMatchObject({ joined_at: late, start_estimated: true })
    expect(sessionAfter(...reconciled, unpublishAt(late))).toEqual(sessionAfter(...reconciled))
  })

  it('belongs to a join that follows within the tolerance, and then leaves the estimated end', () => {
    const events = [...reconciled, publishAt(70 * minute, 'new'), joinAt(70 * minute + second)]
    expect(sessionAfter(...events)).toMatchObject({ joined_at: 70 * minute + second, start_estimated: false })
    expect(streamsAfter(...events)).toEqual(['new'])
  })

  it('cannot have overtaken a join if it is an update', () => {
    const update = eventAt(70 * minute + 1, 'update', { user_name: 'Ann' })
    const events = [...reconciled, publishAt(70 * minute, 'new'), update, joinAt(70 * minute + second)]
    expect(sessionAfter(...events)).toMatchObject({ joined_at: 0, reconnects: 1, end: null })
  })

  it.each([
    ['unpublish', { stream_id: 'mic', stream_type: 'audio' }],
    ['unsub', { stream_id: 'x', stream_type: 'audio' }],
    ['update', { user_name: 'Ann' }],
  ])('shows that media before it were of an older connection, not of the join after it: %s', (name, params) => {
    const at = 70 * minute
    const evidence = eventAt(at + second, name, params)
    const media = [publishAt(at, 'old'), evidence, publishAt(at + 4 * second, 'new')]
    const events = [...reconciled, ...media, joinAt(at + 1 + toleranceMs)]
    expect(sessionAfter(...events)).toMatchObject({ joined_at: 0, reconnects: 1, end: null })
    expect(streamsAfter(...events)).toEqual(['new'])
  })

  it('leaves the end by a leave or close that came in between', () => {
    const close = eventAt(65 * minute, 'close', { event_type: 'auto' })
    expect(sessionAfter(...reconciled, close, unpublishAt(70 * minute, 'mic'))?.end).toEqual({
      at: 65 * minute,
      reason: 'room_closed',
      estimated: false,
    })
    const leave = leaveAt(71 * minute)
    expect(sessionAfter(...reconciled, leave, unpublishAt(72 * minute, 'mic'))?.end).toEqual({
      at: 71 * minute,
      reason: 'normal',
      estimated: false,
    })
  })
})
