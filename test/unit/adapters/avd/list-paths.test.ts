import { describe, expect, it } from 'vitest'
import { parseAvdSecret } from '../../../../adapters/avd/avd-settings.ts'
import { readScript } from '../../../support/scripted-platform.ts'

const paths = { rooms: 'result.meetings', room_id: 'meeting.no', users: 'people', user_id: 'account.id' }
const meetings = [{ meeting: { no: 'M1' }, people: [{ account: { id: 7 } }] }]
const people = { M1: ['7'] }

describe('avdPlatform with list_paths', () => {
  it('accepts a response without ret', async () => {
    expect(await readScript({ rooms: [{ result: { meetings } }] }, paths)).toMatchObject({ people })
  })

  it.each([
    ['ret', { ret: 3 }],
    ['code', { code: 500 }],
    ['result.status', { result: { meetings, status: 'error' } }],
  ])('refuses a response whose field %s states a failure', async (path, fields) => {
    const { reason, error } = await readScript({ rooms: [{ result: { meetings }, ...fields }] }, paths)
    expect({ reason, error }).toEqual({ reason: 'refused', error: expect.stringContaining(`: ${path} `) })
  })

  it('rejects a list that is incomplete by its own fields', async () => {
    const { error } = await readScript({ rooms: [{ result: { meetings, totalPage: 2 } }] }, paths)
    expect(error).toContain('result.totalPage is 2')
  })

  it.each([
    ['an expression', 'code == `1`', { code: 1 }],
    ['a field that is a known indicator', 'result.success', { result: { meetings, success: true } }],
    ['a code', 'code', { code: 200 }],
    ['an expression about a text', "msg == 'token ok' && code == `1`", { code: 1, msg: 'token ok' }],
  ])('accepts a response if success is %s that holds', async (_case, success, fields) => {
    expect(await readScript({ rooms: [{ result: { meetings }, ...fields }] }, { ...paths, success })).toMatchObject({
      people,
    })
  })

  it.each([
    ['does not hold', 'code == `1`', { code: 2 }],
    ['finds nothing', 'state.code', {}],
    ['finds a field that is no indicator', 'answer', { answer: 1 }],
    ['finds a field whose value may mean either', 'status', { status: 1 }],
    ['holds beside another field that states a failure', 'code == `1`', { code: 1, status: 'error' }],
  ])('refuses a response if success %s', async (_case, success, fields) => {
    const { reason } = await readScript({ rooms: [{ result: { meetings }, ...fields }] }, { ...paths, success })
    expect(reason).toBe('refused')
  })

  it.each([
    ['matches', 'stat.open', { stat: { open: '1' } }, ''],
    ['matches, although other counts do not', 'stat.open', { stat: { open: 1 }, total_today: 500 }, ''],
    ['is larger', 'stat.open', { stat: { open: 3 } }, 'list_paths.total (stat.open) is 3'],
    ['is smaller', 'stat.open', { stat: { open: 0 } }, 'list_paths.total (stat.open) is 0'],
    ['is missing', 'stat.open', {}, 'list_paths.total (stat.open) is not readable'],
    ['matches, but there is another page', 'stat.open', { stat: { open: 1 }, has_more: true }, 'has_more is true'],
  ])('compares the total, which %s', async (_case, total, fields, error) => {
    const result = await readScript({ rooms: [{ result: { meetings }, ...fields }] }, { ...paths, total })
    expect(result.error).toContain(error)
    expect(result.people).toEqual(error === '' ? people : undefined)
  })

  describe('whose path leads through a list of servers', () => {
    const grouped = { rooms: 'servers[].meetings[]', room_id: 'no', users: 'people', user_id: 'id' }
    const server = (no: string, fields: object = {}) => ({ box: no, meetings: [{ no, people: [] }], ...fields })

    it('reads the rooms of all servers', async () => {
      const { people: found } = await readScript({ rooms: [{ servers: [server('M1'), server('M2')] }] }, grouped)
      expect(found).toEqual({ M1: [], M2: [] })
    })

    it.each([
      ['servers[1].has_more', { has_more: true }],
      ['servers[1].total', { total: 9 }],
      ['servers[1].error', { error: 'unreachable' }],
      ['servers[1].success', { success: false }],
    ])('rejects the list because of the field %s', async (path, fields) => {
      const { error } = await readScript({ rooms: [{ servers: [server('M1'), server('M2', fields)] }] }, grouped)
      expect(error).toContain(path)
    })
  })

  describe('whose projections would drop something', () => {
    const room = { no: 'M1', people: [{ id: '7' }] }
    const projected = { rooms: 'servers[].meetings[]', room_id: 'no', users: 'people', user_id: 'id' }

    it.each([
      ['servers[0].meeting', { rooms: 'servers[].meeting[]' }, { servers: [{ meetings: [room] }] }],
      ['servers[1].meetings', {}, { servers: [{ meetings: [room] }, { box: 2 }] }],
      ['servers[1].meetings', {}, { servers: [{ meetings: [room] }, { meetings: null }] }],
      ['servers[1]', {}, { servers: [{ meetings: [room] }, null] }],
      ['list[1].room', { rooms: 'list[*].room' }, { list: [{ room }, { error: 'x' }] }],
      ['servers.b.meetings', { rooms: 'servers.*.meetings[]' }, { servers: { a: { meetings: [room] }, b: {} } }],
      [
        'rooms[0].parts[1].people',
        { users: 'parts[].people[]' },
        { servers: [{ meetings: [{ no: 'M1', parts: [room, {}] }] }] },
      ],
      [
        'rooms[0].people[1].id',
        { users: 'people[].id', user_id: '@' },
        { servers: [{ meetings: [{ no: 'M1', people: [{ id: '7' }, {}] }] }] },
      ],
    ])('rejects the list because of %s', async (path, changed, answer) => {
      const { reason, error } = await readScript({ rooms: [answer] }, { ...projected, ...changed })
      expect({ reason, error }).toEqual({ reason: 'incomplete', error: expect.stringContaining(`${path} is not`) })
    })

    it.each([
      [{}, { servers: [{ meetings: [room] }, { meetings: [] }] }],
      [{ rooms: 'servers[*].meetings | []' }, { servers: [{ meetings: [room] }] }],
      [{ rooms: '@' }, [room]],
      [{ rooms: "list[?state != 'closed']" }, { list: [room, { state: 'closed' }] }],
      [
        { users: 'people[?id].id', user_id: '@' },
        { servers: [{ meetings: [{ ...room, people: [{ id: '7' }, {}] }] }] },
      ],
    ])('accepts the list with the paths %j', async (changed, answer) => {
      expect(await readScript({ rooms: [answer] }, { ...projected, ...changed })).toMatchObject({ people })
    })
  })

  it.each([
    ['success', "starts_with(msg, 'ok')"],
    ['total', 'length(data.rooms)'],
    ['rooms', 'sort_by(result.meetings, &begin)'],
  ])('names the expression for %s if it fails', async (name, path) => {
    const { reason, error } = await readScript({ rooms: [{ result: { meetings } }] }, { ...paths, [name]: path })
    expect({ reason, error }).toEqual({
      reason: 'unrecognised',
      error: expect.stringContaining(`list_paths (${path})`),
    })
  })

  it('asks for the users of each room if there is no path to them', async () => {
    const { rooms, room_id, user_id } = paths
    const script = {
      rooms: [{ result: { meetings } }],
      participants: { M1: { ret: 0, list: [{ account: { id: 8 } }] } },
    }
    expect((await readScript(script, { rooms, room_id, user_id })).people).toEqual({ M1: ['8'] })
  })

  it.each([null, undefined, 5])('asks for the users of a room whose path leads to %j', async (value) => {
    const { error } = await readScript(
      { rooms: [{ result: { meetings: [{ ...meetings[0], people: value }] } }] },
      paths,
    )
    expect(error).toContain('rooms[0] has no list of users; ')
  })
})

describe('parseAvdSecret', () => {
  const secret = { base_url: 'https://avd', access_key: 'a', secret_key: 's' }

  it.each(['rooms', 'users', 'total', 'success'])(
    'rejects list_paths whose %s is not a JMESPath expression',
    (name) => {
      const parse = () => parseAvdSecret(JSON.stringify({ ...secret, list_paths: { ...paths, [name]: 'a[' } }), '')
      expect(parse).toThrow(`list_paths.${name} is not a JMESPath expression`)
    },
  )

  it('accepts list_paths with a total and success, and with empty texts for what is not needed', () => {
    const list_paths = { rooms: 'a', room_id: 'b', users: '', user_id: '', total: 'data.total', success: 'code == `1`' }
    expect(parseAvdSecret(JSON.stringify({ ...secret, list_paths }), '')?.list_paths).toEqual(list_paths)
  })
})
