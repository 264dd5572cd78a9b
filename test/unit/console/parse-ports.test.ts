import { describe, expect, it } from 'vitest'
import { parsePorts } from '../../../console/boxes/parse-ports.ts'

const received_at = '2026-11-26T08:00:00.000Z'

const parse = (options: unknown) =>
  parsePorts({ trace_id: 't', event: 'warning_notify', received_at, source: 'callback', params: { options } })

describe('parsePorts', () => {
  it('reads the ports of a warning, with the time of its receipt', () => {
    const times = { first_seen_at: received_at, last_seen_at: received_at }
    expect(parse('[{"type":"tcp","port":8088},{"type":"udp","port":"40000"}]')).toEqual([
      { type: 'tcp', port: 8088, ...times },
      { type: 'udp', port: 40000, ...times },
    ])
  })

  it.each(['not JSON', '{}', '[]', '[1]', '[{"type":"tcp"}]', '[{"type":"tcp","port":80},{}]', undefined])(
    'does not read %s as ports',
    (options) => {
      expect(parse(options)).toBeUndefined()
    },
  )
})
