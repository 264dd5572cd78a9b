import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { signCallback } from '../../src/index.ts'
import { startCallbackServer } from './callback-server.ts'
import { startAvd } from './start-avd.ts'

interface VectorFile {
  readonly key: string
  readonly vectors: readonly { readonly params: Readonly<Record<string, string>>; readonly check_code: string }[]
}

// A copy of the product's vectors (test/vectors): a package reads only its own files.
const vectorFile = new URL('../vectors/check_code.json', import.meta.url)
const { key, vectors }: VectorFile = JSON.parse(readFileSync(vectorFile, 'utf8'))

describe('signCallback', () => {
  it.each(vectors)('reproduces the test vector $check_code', ({ params, check_code }) => {
    expect(signCallback(params, key).check_code).toBe(check_code)
  })
})

describe('an installation with a check_code key', () => {
  it('signs its callbacks, and can send them by POST', async () => {
    const server = await startCallbackServer()
    const avd = await startAvd({ callbackUrl: server.url, checkCodeKey: 'k', method: 'POST' })
    await avd.join('7', '1', { user_name: '李雷 & a|b' })
    const join = server.received[1]
    const { check_code, ...others } = join?.params ?? {}
    expect(join?.method).toBe('POST')
    expect(check_code).toBe(signCallback(others, 'k').check_code)
    expect(others).toMatchObject({ event: 'join', user_name: '李雷 & a|b' })
  })
})
