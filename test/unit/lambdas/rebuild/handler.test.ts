import { describe, expect, it } from 'vitest'
import type { EventLog } from '../../../../core/ports/event-log.ts'
import { rebuild } from '../../../../core/projection/project.ts'
import { emptyProjection } from '../../../../core/projection/projection.ts'
import { noCloses } from '../../../../core/state/closes.ts'
import { unknownFoldVersion } from '../../../../core/state/fold-version.ts'
import { rules } from '../../../support/apply.ts'
import { event, warningAt } from '../../../support/events.ts'
import { setUp } from './rebuild.ts'

const participant = { kind: 'participant', room_id: 'R', user_id: 'U' } as const
const room = { kind: 'room', room_id: 'R' } as const
const joinOf = (user_id: string, at = 10, room_id = 'R') => event('join', { user_id, room_id }, { at })
const nothing = { different: 0, unsettled: 0, differences: [], commands: 0, cursor: null }

describe('createHandler with a state that equals the fold', () => {
  it('compares the selected aggregates and reports nothing', async () => {
    const { invoke, apply, commands } = setUp()
    await apply(
      event('open', { room_id: 'R' }, { at: 5 }),
      joinOf('U'),
      joinOf('V'),
      joinOf('U', 10, 'S'),
      warningAt(7),
    )
    await apply(event('hologram_on', { room_id: 'R' }, { at: 20 }))
    expect(await invoke({ room_id: 'R', user_id: 'U' })).toEqual({ ...nothing, checked: 1 })
    expect(await invoke({ room_id: 'R' })).toEqual({ ...nothing, checked: 3 })
    expect(await invoke({ user_id: 'U' })).toEqual({ ...nothing, checked: 2 })
    expect(await invoke({ box_code: 'B' })).toEqual({ ...nothing, checked: 1 })
    // Room S has no events of its own: it is open because someone is in it.
    expect(await invoke({ all: true })).toEqual({ ...nothing, checked: 6 })
    expect(commands).toEqual([])
  })

  it('counts pending writes of a projection as made', async () => {
    const { invoke, log, store } = setUp()
    const events = [joinOf('U'), event('leave', { event_type: 'normal' }, { at: 20 }), joinOf('U', 20_000)]
    for (const one of events) await log.append(one)
    const history = { base: 'beginning' as const, events, closes: [], pastEntries: [], checkpoints: [] }
    const noInput = { appended: [], unconfirmedDuplicates: [], closes: noCloses }
    const { projection } = rebuild(emptyProjection(participant), history, noInput, rules)
    expect(projection.pendingPastWrites).toHaveLength(1)
    await store.write(projection)
    const request = { room_id: 'R', user_id: 'U' }
    expect(await invoke(request)).toEqual({ ...nothing, checked: 1 })
    await store.write({ ...projection, version: 1, pendingPastWrites: [] })
    expect(await invoke(request)).toMatchObject({ different: 1 })
  })

  it('reports nothing about an aggregate without events in the log', async () => {
    const { invoke, damage } = setUp()
    await damage(room, { foldVersion: unknownFoldVersion })
    for (const request of [{ room_id: 'R' }, { room_id: 'X', user_id: 'U' }, { all: true }])
      expect(await invoke(request)).toMatchObject(nothing)
  })
})

describe('createHandler with differences', () => {
  it('reports them in a dry run, and repairs nothing', async () => {
    const { invoke, apply, damage, commands } = setUp()
    await apply(event('open', { room_id: 'R' }, { at: 5 }), joinOf('U'), joinOf('V'))
    await damage(participant, { state: undefined })
    const response = {
      checked: 3,
      different: 1,
      unsettled: 0,
      differences: [
        { aggregate: participant, stored: { state: null }, folded: { state: { session: { joined_at: 10 } } } },
      ],
      commands: 0,
      cursor: null,
    }
    expect(await invoke({ room_id: 'R', dry_run: true })).toMatchObject(response)
    expect(await invoke({ room_id: 'R', dry_run: true })).toMatchObject(response)
    expect(commands).toEqual([])
  })

  it('logs which projections differ, without user ids', async () => {
    const { invoke, apply, damage, info } = setUp()
    await apply(joinOf('13800138000'))
    await damage({ ...participant, user_id: '13800138000' }, { state: undefined })
    await invoke({ room_id: 'R', dry_run: true })
    const logged = JSON.stringify(info.mock.calls)
    expect(logged).toContain('participant')
    expect(logged).not.toContain('13800138000')
  })

  it('reports them and sends a command for each, after which all agree', async () => {
    const { invoke, apply, log, damage, commands, execute } = setUp()
    await apply(joinOf('U'), joinOf('V'))
    await damage(participant, { foldVersion: unknownFoldVersion })
    // The projection of this event was never written.
    await log.append(event('open', { room_id: 'R' }, { at: 5 }))
    expect(await invoke({ all: true })).toMatchObject({ checked: 3, different: 2, commands: 2, cursor: null })
    expect(commands).toEqual(
      expect.arrayContaining([
        { command: 'rebuild', aggregate: participant },
        { command: 'rebuild', aggregate: room },
      ]),
    )
    await execute()
    expect(await invoke({ all: true })).toEqual({ ...nothing, checked: 3 })
  })

  it('finds a room that has no events of its own, but people in it', async () => {
    const { invoke, apply, damage, execute, store } = setUp()
    for (const user of ['U', 'V']) await apply(joinOf(user))
    const [before] = await store.read([room])
    expect(before).toMatchObject({ state: { status: 'open', opened_at: 10 } })
    await damage(room, { state: undefined })
    const response = { checked: 3, different: 1, differences: [{ aggregate: room, folded: { state: before?.state } }] }
    expect(await invoke({ all: true, dry_run: true })).toMatchObject(response)
    expect(await invoke({ room_id: 'R' })).toMatchObject(response)
    await execute()
    expect(await store.read([room])).toMatchObject([{ state: before?.state }])
  })

  it('reports at most about a hundred at a time, and the rest with the cursor, each once', async () => {
    const { invoke, log } = setUp()
    for (let user = 0; user < 250; user++) await log.append(joinOf(`U${user}`))
    const found: unknown[] = []
    let cursor: string | null = null
    let invocations = 0
    do {
      const response = await invoke({ all: true, dry_run: true, cursor })
      expect(response.different).toBeLessThan(110)
      found.push(...response.differences.map(({ aggregate }) => aggregate))
      cursor = response.cursor
      invocations += 1
    } while (cursor !== null)
    expect(new Set(found.map((aggregate) => JSON.stringify(aggregate))).size).toBe(250)
    expect(found).toHaveLength(250)
    expect(invocations).toBe(3)
  })

  it('reports the size of content that is too large for the response', async () => {
    const { invoke, log } = setUp()
    const ports = Array.from({ length: 500 }, (_, port) => ({ type: 'tcp', port: port + 1 }))
    await log.append(event('warning_notify', { box_code: 'B', options: JSON.stringify(ports) }))
    const { differences } = await invoke({ box_code: 'B' })
    expect(differences).toMatchObject([{ stored: { state: null }, folded: { omitted_bytes: expect.any(Number) } }])
  })
})

describe('createHandler during traffic', () => {
  it('does not report an event whose projection is written a moment later', async () => {
    let write = async () => {}
    const { invoke, apply, log, commands } = setUp({ meanwhile: () => write() })
    await apply(joinOf('U'))
    const leave = event('leave', { event_type: 'normal' }, { at: 20 })
    await log.append(leave)
    write = () => apply(leave)
    expect(await invoke({ room_id: 'R' })).toEqual({ ...nothing, checked: 2 })
    expect(commands).toEqual([])
  })

  it('counts an aggregate that changes with every look as unsettled', async () => {
    let at = 20
    let change = async () => {}
    const { invoke, apply, damage, log, commands } = setUp({ meanwhile: () => change() })
    await apply(joinOf('U'))
    await damage(participant, { state: undefined })
    change = async () => void (await log.append(event('update', { user_name: `n${at}` }, { at: at++ })))
    expect(await invoke({ room_id: 'R', user_id: 'U' })).toEqual({ ...nothing, checked: 1, unsettled: 1 })
    expect(commands).toEqual([])
  })

  it('reports a projection of another fold version at once', async () => {
    const { invoke, apply, damage, waits } = setUp()
    await apply(joinOf('U'))
    await damage(participant, { foldVersion: unknownFoldVersion })
    expect(await invoke({ room_id: 'R' })).toMatchObject({ different: 1, commands: 1 })
    expect(waits()).toBe(0)
  })
})

describe('createHandler without enough time', () => {
  it('returns the cursor after the aggregates that it compared', async () => {
    const never = new Promise<never>(() => {})
    let readable = 6
    // The search has 50 ms, and all reads but the first ones never end.
    const visit =
      (log: EventLog): EventLog['visit'] =>
      (...request) =>
        readable-- > 0 ? log.visit(...request) : never
    const { invoke, apply } = setUp({ remainingMs: 25_050, visit })
    await apply(event('open', { room_id: 'R' }, { at: 5 }))
    for (let user = 0; user < 8; user++) await apply(joinOf(`U${user}`))
    const response = await invoke({ room_id: 'R' })
    expect(response.checked).toBeGreaterThan(0)
    expect(response.checked).toBeLessThan(9)
    readable = Number.POSITIVE_INFINITY
    const rest = await invoke({ room_id: 'R', cursor: response.cursor })
    expect(rest).toEqual({ ...nothing, checked: 9 - response.checked })
  })

  it('fails if it could compare nothing, because repeating the request would never end', async () => {
    const { invoke, log } = setUp({ remainingMs: 25_020, visit: () => () => new Promise(() => {}) })
    await log.append(joinOf('U'))
    await expect(invoke({ all: true })).rejects.toThrow(
      'there was no time to read the list, or the first history in it',
    )
  })
})

describe('createHandler with an invalid request', () => {
  it.each([
    ['nothing selected', {}],
    ['two selections', { room_id: 'R', all: true }],
    ['a media server and a user', { box_code: 'B', user_id: 'U' }],
    ['an unknown member', { all: true, dryRun: true }],
    ['an empty id', { room_id: '' }],
    ['"all" that is not true', { all: false }],
    ['no JSON object', 'all'],
  ])('rejects %s and says why', async (_, request) => {
    await expect(setUp().invoke(request)).rejects.toThrow('the request is not valid')
  })

  it('rejects a cursor of a single aggregate', async () => {
    await expect(setUp().invoke({ box_code: 'B', cursor: 'x' })).rejects.toMatchObject({ name: 'InvalidCursorError' })
  })
})
