import { describe, expect, it } from 'vitest'
import { parseEvent } from '../../../../core/protocol/events.ts'

function warning(params: Record<string, string>) {
  const sent = { event: 'warning_notify', box_code: 'B', ...params }
  const { data } = parseEvent({ trace_id: 't', received_at: 1, source: 'callback' }, sent)
  if (data.event !== 'warning_notify') throw new Error(`read as ${data.event}`)
  return data
}

const read = (options: string | undefined) => warning(options === undefined ? {} : { options }).options
const ports = (options: string | undefined) => read(options).ports

describe('the options of a warning', () => {
  it("are the ports of the document's example, with its blank", () => {
    expect(ports('[{"type":"tcp","port":8088}, {"type":"websocket","port":7630}]')).toEqual([
      { type: 'tcp', port: 8088 },
      { type: 'websocket', port: 7630 },
    ])
  })

  it('may write ports as strings', () => {
    expect(ports('[{"type":"tcp","port":"8088"}]')).toEqual([{ type: 'tcp', port: 8088 }])
  })

  it('may list 500 ports', () => {
    const listed = Array.from({ length: 500 }, (_, port) => ({ type: 'udp', port }))
    expect(ports(JSON.stringify(listed))).toEqual(listed)
  })

  it('may tell more of a port than we know', () => {
    expect(ports('[{"type":"tcp","port":1,"since":"yesterday"}]')).toEqual([{ type: 'tcp', port: 1 }])
  })

  it.each([undefined, '', ' ', '[]'])('that are empty leave a warning without ports: %j', (options) => {
    expect(read(options)).toEqual({ ports: [], unread: 0 })
  })

  it.each(['not JSON', '[', '{}', '{"type":"tcp","port":1}', 'null', '5', '"[]"'])(
    'that are no list of ports leave a warning without ports, and say that there was something: %j',
    (options) => {
      expect(read(options)).toEqual({ ports: [], unread: 1 })
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
  ])('have no port in the entry %s, and keep the others', (entry) => {
    expect(read(`[${entry},{"type":"websocket","port":7630}]`)).toEqual({
      ports: [{ type: 'websocket', port: 7630 }],
      unread: 1,
    })
  })

  it('have no port where its type is longer than any: 500 of them must fit into one item', () => {
    const entry = (type: string) => JSON.stringify([{ type, port: 1 }])
    expect(read(entry('x'.repeat(40)))).toMatchObject({ ports: [{ port: 1 }], unread: 0 })
    expect(read(entry('x'.repeat(41)))).toEqual({ ports: [], unread: 1 })
  })

  it('keep no half of a surrogate pair, which no store takes', () => {
    expect(ports('[{"type":"\\ud800","port":1}]')).toEqual([{ type: '\uFFFD', port: 1 }])
  })
})

describe('the type of a warning', () => {
  it('is check_port in any case, and where there is none', () => {
    expect(warning({ event_type: 'Check_Port' }).event_type).toBe('check_port')
    expect(warning({}).event_type).toBe('check_port')
  })

  it('is kept, cut to 40 characters, where it is one of a later release', () => {
    expect(warning({ event_type: 'check_disk' }).event_type).toBe('check_disk')
    expect(warning({ event_type: 'x'.repeat(50) }).event_type).toBe('x'.repeat(40))
  })
})
