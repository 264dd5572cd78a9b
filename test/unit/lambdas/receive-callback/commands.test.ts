import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeCommand } from '../../../../core/protocol/command.ts'
import { decodeMessage } from '../../../../core/protocol/decode-message.ts'
import { encodeEnvelope } from '../../../../core/protocol/envelope.ts'
import { createReceiver, encodeQuery, join } from './callbacks.ts'

const command = encodeCommand({ command: 'rebuild', aggregate: { kind: 'room', room_id: 'R' } })
const memberNames = ['command', 'aggregate', 'params', 'trace_id', 'source', 'kind', '__proto__', 'constructor']
const memberValues = [
  'rebuild',
  command,
  '{"kind":"room","room_id":"R"}',
  '',
  'null',
  '"',
  '{"',
  '\\"},"command":"rebuild"',
]

describe('the receiver', () => {
  it('never sends a command, whatever the parameters of a callback are', async () => {
    const name = fc.oneof(fc.constantFrom(...memberNames), fc.string())
    const value = fc.oneof(fc.constantFrom(...memberValues), fc.string())
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.tuple(name, value), { selector: ([key]) => key }),
        fc.boolean(),
        async (more, inBody) => {
          const { call, sent } = createReceiver({ allowUnsigned: true })
          const params = Object.fromEntries([...more, ...Object.entries(join)])
          const body = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(params) }
          expect(await call(inBody ? body : { query: encodeQuery(params) })).toMatchObject({ status: 200 })
          for (const envelope of sent) expect(decodeMessage(encodeEnvelope(envelope))).toMatchObject({ event: 'join' })
        },
      ),
    )
  })

  it('refuses a command as the body of a callback', async () => {
    const { call, sent } = createReceiver({ allowUnsigned: true })
    const headers = { 'content-type': 'application/json' }
    expect(await call({ method: 'POST', headers, body: command })).toMatchObject({ status: 400 })
    expect(sent).toEqual([])
  })
})
