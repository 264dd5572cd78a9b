import { describe, expect, it } from 'vitest'
import { maxStreams, maxSubscriptions } from '../../../../core/state/media.ts'
import { correctionAt, eventAt, participantAfter } from './states.ts'

const maxMedia = maxStreams + maxSubscriptions

/**
 * A history without pauses: each letter is a join, all media that a participant can have, a kick, or an estimated join or leave.
 */
function historyOf(moves: string) {
  let at = 0
  const media = (name: string, count: number) =>
    Array.from({ length: count }, () => {
      at += 0.5
      return eventAt(at, name, { stream_id: `${at}`, stream_type: 'audio' })
    })
  return [...moves].flatMap((move) => {
    at += 1
    if (move === 'm') return [...media('publish', maxStreams), ...media('sub', maxSubscriptions)]
    if (move === 'k') return eventAt(at, 'leave', { event_type: 'clientKick' })
    if (move === 'j') return eventAt(at, 'join')
    return correctionAt(at, move === 'J' ? 'join' : 'leave')
  })
}

describe('the alternatives of a participant', () => {
  it.each(['jmLmkkkkmkmkJmJ', 'jmkmJmkmJmkmJ', 'jmLmkkkkkkJmJ'])(
    'hold at most four times as many media as a participant can have: %s',
    (moves) => {
      const stored = JSON.stringify(participantAfter(...historyOf(moves)))
      expect(stored.match(/"stream_id"/g)?.length ?? 0).toBeLessThanOrEqual(5 * maxMedia)
    },
  )

  it('are dropped if they have more media', () => {
    expect(participantAfter(...historyOf('jmLmkkkkmkmk'))).toHaveProperty('undecided_ends')
    expect(participantAfter(...historyOf('jmLmkkkkmkmkJmJ'))).not.toHaveProperty('undecided_ends')
  })
})
