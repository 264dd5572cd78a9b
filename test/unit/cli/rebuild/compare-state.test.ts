import { describe, expect, it } from 'vitest'
import { compareState, RepairedSelections, waitForRepairs } from '../../../../cli/rebuild/compare-state.ts'
import type { RebuildFunction, RebuildRequest } from '../../../../cli/rebuild/rebuild-function.ts'
import type { RebuildResponse, ReportedDifference } from '../../../../core/projection/rebuild-response.ts'

const content = { fold_version: 1, state: null, past_entries: [] }
const difference: ReportedDifference = { aggregate: { kind: 'room', room_id: 'R' }, stored: content, folded: content }
const { signal } = new AbortController()

/** Creates a function that gives these responses one after another. */
function fakeRebuild(...responses: readonly (Partial<RebuildResponse> | Error)[]) {
  const requests: RebuildRequest[] = []
  const rebuild: RebuildFunction = async (request) => {
    requests.push(request)
    const response = responses[requests.length - 1] ?? {}
    if (response instanceof Error) throw response
    return { checked: 1, different: 0, unsettled: 0, differences: [], commands: 0, cursor: null, ...response }
  }
  return { rebuild, requests }
}

describe('compareState', () => {
  const request = { selection: { room_id: 'R' }, isDryRun: false, cursor: null } as const

  it('continues until the cursor is null, and adds up the counts', async () => {
    const first = { different: 1, commands: 1, unsettled: 2, differences: [difference], cursor: 'c' }
    const { rebuild, requests } = fakeRebuild(first, {})
    const found: ReportedDifference[] = []
    const onPage = (_: unknown, differences: readonly ReportedDifference[]) => void found.push(...differences)
    expect(await compareState(rebuild, request, onPage, signal)).toEqual({
      checked: 2,
      different: 1,
      unsettled: 2,
      commands: 1,
      cursor: null,
      failure: undefined,
    })
    expect(requests).toEqual([
      { room_id: 'R', dry_run: false, cursor: null },
      { room_id: 'R', dry_run: false, cursor: 'c' },
    ])
    expect(found).toEqual([difference])
  })

  it('keeps the cursor to continue with if the function fails', async () => {
    const failure = new Error('timed out')
    const { rebuild } = fakeRebuild({ cursor: 'c' }, failure)
    const comparison = await compareState(rebuild, request, () => undefined, signal)
    expect(comparison).toMatchObject({ checked: 1, cursor: 'c', failure })
  })

  it('starts at the given cursor', async () => {
    const { rebuild, requests } = fakeRebuild({})
    await compareState(rebuild, { ...request, cursor: 'given' }, () => undefined, signal)
    expect(requests).toMatchObject([{ cursor: 'given' }])
  })
})

describe('RepairedSelections', () => {
  const everything = { all: true } as const

  it('compares each room once for itself and its recordings, and participants and media servers alone', () => {
    const selections = new RepairedSelections()
    selections.add({ kind: 'room', room_id: 'R' })
    selections.add({ kind: 'recording', room_id: 'R', recording_id: 'E' })
    selections.add({ kind: 'participant', room_id: 'R', user_id: 'U' })
    selections.add({ kind: 'box', box_code: 'B' })
    expect(selections.list(everything)).toEqual([{ room_id: 'R' }, { room_id: 'R', user_id: 'U' }, { box_code: 'B' }])
  })

  it('compares everything again if there are more than 100', () => {
    const selections = new RepairedSelections()
    for (let index = 0; index <= 100; index++) selections.add({ kind: 'room', room_id: String(index) })
    expect(selections.list(everything)).toEqual([everything])
  })
})

describe('waitForRepairs', () => {
  const selections = [{ room_id: 'R' }, { room_id: 'S' }]

  it('compares each selection again in a dry run until it no longer differs', async () => {
    const { rebuild, requests } = fakeRebuild({ different: 1 }, { unsettled: 1 }, {}, {})
    const waiting = { maxWaitMs: 60_000, betweenChecksMs: 1, onProgress: () => undefined }
    expect(await waitForRepairs(rebuild, selections, waiting, signal)).toBe(0)
    const [inR, inS] = selections.map((selection) => ({ ...selection, dry_run: true, cursor: null }))
    expect(requests).toEqual([inR, inR, inR, inS])
  })

  it('counts what still differs when the time is over', async () => {
    const { rebuild } = fakeRebuild({ different: 2 }, { different: 3 })
    const waiting = { maxWaitMs: 0, betweenChecksMs: 1, onProgress: () => undefined }
    expect(await waitForRepairs(rebuild, selections, waiting, signal)).toBe(5)
  })

  it('fails if the function fails', async () => {
    const { rebuild } = fakeRebuild(new Error('denied'))
    const waiting = { maxWaitMs: 0, betweenChecksMs: 1, onProgress: () => undefined }
    await expect(waitForRepairs(rebuild, selections, waiting, signal)).rejects.toThrow('denied')
  })
})
