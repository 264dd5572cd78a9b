import { describe, expect, it } from 'vitest'
import { groupPorts } from '../../../console/boxes/group-ports.ts'

const warned = (type: string, port: number, last_seen_at = 'b') => ({ type, port, first_seen_at: 'a', last_seen_at })

describe('groupPorts', () => {
  it('groups ports of one type that follow each other and have the same times', () => {
    const ports = [
      warned('udp', 40_001),
      warned('tcp', 80),
      warned('udp', 40_000),
      warned('udp', 40_002, 'c'),
      warned('tcp', 81),
    ]
    expect(groupPorts(ports).map(({ type, port, lastPort }) => [type, port, lastPort])).toEqual([
      ['tcp', 80, 81],
      ['udp', 40_000, 40_001],
      ['udp', 40_002, 40_002],
    ])
  })
})
