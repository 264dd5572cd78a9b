import { describe, expect, it } from 'vitest'
import { parseEvent } from '../../../../core/protocol/events.ts'

function parseWarning(params: Record<string, string>) {
  const sent = { event: 'warning_notify', box_code: 'B', ...params }
  const { data } = parseEvent({ trace_id: 't', received_at: 1, source: 'callback' }, sent)
  if (data.event !== 'warning_notify') throw new Error(`parsed as ${data.event}`)
  return data
}

const parseOptions = (options: string | undefined) => parseWarning(options === undefined ? {} : { options }).options
const parsePorts = (options: string | undefined) => parseOptions(options).ports

describe('the options of a parsed warning', () => {
  it("contain the ports of the document's example", () => {
    expect(parsePorts('[{"type":"tcp","port":8088}, {"type":"websocket","port":7630}]')).toEqual([
      { type: 'tcp', port: 8088 },
      { type: 'websocket', port: 7630 },
    ])
  })

  it('contain ports that were sent as strings', () => {
    expect(parsePorts('[{"type":"tcp","port":"8088"}]')).toEqual([{ type: 'tcp', port: 8088 }])
  })

  it('contain up to 500 listed ports', () => {
    const listed = Array.from({ length: 500 }, (_, port) => ({ type: 'udp', port }))
    expect(parsePorts(JSON.stringify(listed))).toEqual(listed)
  })

  it('ignore unknown attributes of a port', () => {
    expect(parsePorts('[{"type":"tcp","port":1,"since":"yesterday"}]')).toEqual([{ type: 'tcp', port: 1 }])
  })

  it.each([undefined, '', ' ', '[]'])('contain no ports and no unread entries for %j', (options) => {
    expect(parseOptions(options)).toEqual({ ports: [], unread: 0 })
  })

  it.each(['not JSON', '[', '{}', '{"type":"tcp","port":1}', 'null', '5', '"[]"'])(
    'contain no ports and one unread entry for text that is not a list: %j',
    (options) => {
      expect(parseOptions(options)).toEqual({ ports: [], unread: 1 })
    },
  )

  it.each([
    '{"type":"tcp"}',
    '{"port":1}',
    '{"type":"tcp","port":"http"}',
    '{"type":"tcp","port":65536}',
    '{"type":"tcp","port":-1}',
    '{"type":"tcp","port":80.5}',
    '{"type":"tcp","port":null}',
    '{"type":"tcp","port":""}',
    '{"type":"tcp","port":false}',
    '{"type":"tcp","port":[]}',
    '[]',
    'null',
    '8088',
  ])('count the entry %s as unread and contain the others', (entry) => {
    expect(parseOptions(`[${entry},{"type":"websocket","port":7630}]`)).toEqual({
      ports: [{ type: 'websocket', port: 7630 }],
      unread: 1,
    })
  })

  it('count a port with a type of more than 40 bytes as unread', () => {
    const listWithType = (type: string) => JSON.stringify([{ type, port: 1 }])
    expect(parseOptions(listWithType('x'.repeat(40)))).toMatchObject({ ports: [{ port: 1 }], unread: 0 })
    for (const type of ['x'.repeat(41), '口'.repeat(14)])
      expect(parseOptions(listWithType(type))).toEqual({ ports: [], unread: 1 })
  })

  it('contain no lone surrogates', () => {
    expect(parsePorts('[{"type":"\\ud800","port":1}]')).toEqual([{ type: '\uFFFD', port: 1 }])
  })
})

describe('the event_type of a parsed warning', () => {
  it('is check_port if it was sent in any case, or not at all', () => {
    expect(parseWarning({ event_type: 'Check_Port' }).event_type).toBe('check_port')
    expect(parseWarning({}).event_type).toBe('check_port')
  })

  it('is kept, truncated to 40 characters, if it is unknown', () => {
    expect(parseWarning({ event_type: 'check_disk' }).event_type).toBe('check_disk')
    expect(parseWarning({ event_type: 'x'.repeat(50) }).event_type).toBe('x'.repeat(40))
  })
})
