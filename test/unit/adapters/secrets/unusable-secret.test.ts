import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createSecretReader } from '../../../../adapters/secrets/secret-reader.ts'
import { configured, createReader, freeze, settle } from './scripted-secret.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('an unusable secret', () => {
  const reason = 'the secret has no field "current"'

  it('does not replace a usable one, and is reported once', async () => {
    const { read, refresh, reports, setResponse } = createReader(() => 'a')
    await read()
    setResponse('{"key":"x"}')
    freeze(61_000)
    expect(await read()).toEqual(configured('a'))
    freeze(3_000)
    expect(await refresh()).toMatchObject({ outcome: 'unusable', error: { message: reason } })
    expect(await read()).toEqual(configured('a'))
    expect(reports).toEqual([[reason, 'new']])
    setResponse('b')
    freeze(2_000)
    expect(await refresh()).toEqual(configured('b'))
    expect(await read()).toEqual(configured('b'))
  })

  it('is reported as known once a minute, and each other version as new', async () => {
    const { refresh, reports, setResponse } = createReader(() => '{"key":"x"}')
    for (let seconds = 0; seconds <= 120; seconds += 10) {
      await refresh()
      freeze(10_000)
    }
    expect(reports).toEqual([
      [reason, 'new'],
      [reason, 'known'],
      [reason, 'known'],
    ])
    setResponse('{"key":"y"}')
    await refresh()
    expect(reports.at(-1)).toEqual([reason, 'new'])
    expect(reports).toHaveLength(4)
  })

  it('is read again soon if there is no usable one', async () => {
    const { read, setResponse } = createReader(() => '{"key":"x"}')
    expect(await read()).toMatchObject({ outcome: 'unusable' })
    setResponse('a')
    expect(await read()).toMatchObject({ outcome: 'unusable' })
    freeze(2_000)
    expect(await read()).toEqual(configured('a'))
  })

  it('replaces an empty one', async () => {
    const { read, refresh, setResponse } = createReader(() => '')
    expect(await read()).toMatchObject({ outcome: 'not_configured' })
    setResponse('{"key":"x"}')
    freeze(2_000)
    expect(await refresh()).toMatchObject({ outcome: 'unusable' })
    expect(await read()).toMatchObject({ outcome: 'unusable' })
  })

  it('reveals nothing even if its parser fails', async () => {
    const reports: string[] = []
    const reader = createSecretReader({
      client: async () => ({ SecretString: 'S3cret' }),
      secretArn: 'arn:secret',
      parse: (text) => {
        throw new Error(`cannot parse ${text}`)
      },
      reportUnusable: (text) => reports.push(text),
    })
    expect(await settle(reader.read(Date.now() + 100))).toMatchObject({ outcome: 'unusable' })
    expect(reports).toEqual(['the secret could not be parsed'])
  })
})
