import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { decodeBody } from '../../../../adapters/avd/decode-body.ts'

const text = `{"ret":0,"list":["${'会议'.repeat(100)}"]}`
const body = Buffer.from(text)

describe('decodeBody', () => {
  it.each([
    ['gzip', gzipSync(body)],
    ['x-gzip', gzipSync(body)],
    ['deflate', deflateSync(body)],
    ['br', brotliCompressSync(body)],
    [' GZIP', gzipSync(body)],
    ['identity', body],
    ['', body],
  ])('decompresses the encoding "%s"', (encoding, compressed) => {
    expect(decodeBody(compressed, { 'content-encoding': encoding }, 1000)).toBe(text)
  })

  it.each([
    ['cut', 'gzip', gzipSync(body).subarray(0, -9)],
    ['not compressed', 'gzip', body],
    ['compressed without a header', '', gzipSync(body)],
    ['compressed twice', 'gzip, gzip', gzipSync(gzipSync(body))],
    ['compressed in an unknown way', 'zip', body],
    ['larger than the limit', 'gzip', gzipSync(Buffer.alloc(1001, 'a'))],
  ])('returns undefined for a body that is %s', (_case, encoding, compressed) => {
    expect(decodeBody(compressed, { 'content-encoding': encoding }, 1000)).toBeUndefined()
  })
})
