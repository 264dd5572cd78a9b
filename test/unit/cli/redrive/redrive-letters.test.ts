import { describe, expect, it } from 'vitest'
import { LetterCounts } from '../../../../cli/redrive/letter-counts.ts'
import { type RedriveOptions, redriveLetters } from '../../../../cli/redrive/redrive-letters.ts'
import { allTime } from '../../../../core/ports/period.ts'
import { encodeEnvelope } from '../../../../core/protocol/envelope.ts'
import { memoryDeadLetters } from '../../../support/memory-dead-letters.ts'

const ofRoom = (room_id: string, received_at = Date.now()) =>
  encodeEnvelope({ trace_id: 't', received_at, source: 'callback', params: { event: 'open', room_id } })

/** Creates queues with dead letters of the rooms R and S. */
function setUpLetters({ ofR = 0, ofS = 0 } = {}) {
  const letters = memoryDeadLetters()
  letters.addBody(ofRoom('R'), ofR)
  letters.addBody(ofRoom('S'), ofS)
  const counts = new LetterCounts()
  const stop = new AbortController()
  const phases: string[] = []
  const watcher = {
    startScan: () => phases.push('scan'),
    startPutBack: (_total: number) => phases.push('put back'),
    update: () => undefined,
    end: () => undefined,
  }
  const run = (options: Partial<RedriveOptions> = {}) => {
    const filter = { events: undefined, room_id: 'R', period: allTime }
    return redriveLetters(
      letters.queue,
      { filter, rate: 100_000, isDryRun: false, ...options },
      counts,
      watcher,
      stop.signal,
    )
  }
  return { ...letters, letterCounts: counts, stop, phases, run, watcher }
}

describe('redriveLetters', () => {
  it('puts back the dead letters of a room, and makes the others visible again', async () => {
    const { run, counts, queued, letterCounts } = setUpLetters({ ofR: 300, ofS: 700 })
    expect(await run()).toEqual({ redriven: 300, end: 'complete', failure: undefined })
    expect(counts()).toEqual({ letters: 700, visible: 700, queued: 300 })
    expect(new Set(queued.map(({ body }) => JSON.parse(body).params.room_id))).toEqual(new Set(['R']))
    expect(letterCounts.groups()).toEqual([{ event: 'open', room_id: 'R', cause: 'failed', letters: 300 }])
    expect(letterCounts.count('other')).toBe(700)
  })

  it('changes nothing in a dry run', async () => {
    const { run, counts, letterCounts, phases } = setUpLetters({ ofR: 30, ofS: 70 })
    expect(await run({ isDryRun: true })).toMatchObject({ redriven: 0, end: 'complete' })
    expect(counts()).toEqual({ letters: 100, visible: 100, queued: 0 })
    expect(letterCounts.count('selected')).toBe(30)
    expect(phases).toEqual(['scan'])
  })

  it('leaves dead letters that were received more than 25 days ago', async () => {
    const { run, addBody, counts, letterCounts } = setUpLetters({ ofR: 5 })
    addBody(ofRoom('R', Date.now() - 26 * 86_400_000), 7)
    expect(await run()).toMatchObject({ redriven: 5, end: 'complete' })
    expect(counts()).toEqual({ letters: 7, visible: 7, queued: 5 })
    expect(letterCounts.groups()).toContainEqual({ event: 'open', room_id: 'R', cause: 'too_old', letters: 7 })
  })

  it('takes in a round only what the rate allows to put back in a minute, and hides no more', async () => {
    const { run, counts, stop, watcher } = setUpLetters({ ofR: 500, ofS: 10 })
    let total = 0
    watcher.startPutBack = (letters) => {
      total = letters
      stop.abort()
      return 0
    }
    await run({ rate: 2 })
    // 120, and what eight requests had received at that time.
    expect(total).toBeGreaterThanOrEqual(120)
    expect(total).toBeLessThanOrEqual(200)
    expect(counts().visible).toBe(counts().letters)
  })

  it('releases everything if it is stopped, and continues with the next run', async () => {
    const { run, counts, stop, watcher } = setUpLetters({ ofR: 300, ofS: 20 })
    watcher.startPutBack = () => {
      setTimeout(() => stop.abort(), 50)
      return 0
    }
    const { redriven, end } = await run({ rate: 200 })
    expect(end).toBe('stopped')
    expect(redriven).toBeGreaterThan(0)
    expect(redriven).toBeLessThan(300)
    expect(counts()).toEqual({ letters: 320 - redriven, visible: 320 - redriven, queued: redriven })
  })

  it.each(['receive', 'send', 'delete'] as const)('loses and hides nothing if "%s" fails', async (part) => {
    const { run, counts, broken } = setUpLetters({ ofR: 50, ofS: 20 })
    broken[part] = true
    const { redriven, end, failure } = await run()
    expect({ redriven, end, failure }).toEqual({ redriven: 0, end: 'stopped', failure: new Error(`${part} failed`) })
    expect(counts()).toMatchObject({ letters: 70, visible: 70 })
  })
})
