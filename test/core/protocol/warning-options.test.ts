import { describe, expect, it } from 'vitest'
import { readEvent } from '../../../core/protocol/events.ts'

function ports(options: string | undefined): unknown {
  const params = { event: 'warning_notify', event_type: 'check_port', box_code: 'B' }
  const sent = options === undefined ? params : { ...params, options }
  const { facts } = readEvent({ trace_id: 't', received_at: 1, source: 'callback' }, sent)
  return facts.event === 'warning_notify' ? facts.options : facts
}

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

  it.each([undefined, '', ' ', 'not JSON', '[', '{}', '{"type":"tcp","port":1}', 'null', '5', '"[]"', '[]'])(
    'that are no list of ports leave a warning without ports: %j',
    (options) => {
      expect(ports(options)).toEqual([])
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
    expect(ports(`[${entry},{"type":"websocket","port":7630}]`)).toEqual([{ type: 'websocket', port: 7630 }])
  })
})
