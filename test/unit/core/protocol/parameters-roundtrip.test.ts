import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  boundary,
  formType,
  fromBody,
  fromQuery,
  jsonType,
  multipart,
  multipartType,
  refusal,
  valuesOf,
} from './requests.ts'

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  // What the formats themselves are made of.
  fc.string({ unit: fc.constantFrom('%', '+', '&', '=', '"', '\\', '{', '}', ',', '\r', '\n', '-', ' ', '2', '0') }),
)
/** HTML writes the quote of a multipart name as %22, so a name cannot have that itself. */
const name = text.filter((candidate) => !/%22|%0[ad]/i.test(candidate))
const parameters = fc
  .uniqueArray(fc.tuple(name, text), { selector: ([key]) => key, maxLength: 6 })
  .filter((pairs) => !JSON.stringify(pairs).includes(boundary))

/** Whatever stands for itself in a query string is left, as a sloppy sender leaves it. */
const looselyEncoded = (value: string) => encodeURIComponent(value).replaceAll('%20', '+').replaceAll('%3D', '=')

describe('any parameters read back the same', () => {
  it('from a query string', async () => {
    await fc.assert(
      fc.asyncProperty(parameters, async (pairs) => {
        const query = pairs.map((pair) => pair.map(encodeURIComponent).join('=')).join('&')
        expect(valuesOf(await fromQuery(query))).toEqual(pairs)
      }),
    )
  })

  it('from a form, written by a browser or loosely', async () => {
    await fc.assert(
      fc.asyncProperty(parameters, async (pairs) => {
        expect(valuesOf(await fromBody(formType, String(new URLSearchParams(pairs))))).toEqual(pairs)
        const loose = pairs.map(([key, value]) => `${encodeURIComponent(key)}=${looselyEncoded(value)}`).join('&')
        expect(valuesOf(await fromBody(formType, loose))).toEqual(pairs)
      }),
    )
  })

  it('from JSON, compact or indented', async () => {
    await fc.assert(
      fc.asyncProperty(parameters, fc.nat(3), async (pairs, indent) => {
        const members = pairs.map((pair) => pair.map((part) => JSON.stringify(part)).join(`:${' '.repeat(indent)}`))
        const body = `{${members.join(`,${'\n'.repeat(indent)}`)}}`
        expect(valuesOf(await fromBody(jsonType, body))).toEqual(pairs)
      }),
    )
  })

  it('from multipart', async () => {
    await fc.assert(
      fc.asyncProperty(parameters, async (pairs) => {
        expect(valuesOf(await fromBody(multipartType, multipart(pairs)))).toEqual(pairs)
      }),
    )
  })

  it('as JSON values of any kind, as their text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(3), async (members, indent) => {
        const read = await fromBody(jsonType, JSON.stringify(members, undefined, indent))
        const expected = Object.entries(members).map(([key, value]) => {
          const compact = JSON.stringify(value)
          return [key, value === null ? '' : typeof value === 'string' ? value : compact]
        })
        expect(valuesOf(read)).toEqual(expected)
      }),
    )
  })
})

describe('whatever bytes arrive', () => {
  it('are parameters or are refused in words: nothing else can happen', async () => {
    const contentType = fc.constantFrom(undefined, formType, jsonType, multipartType, 'image/png')
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), contentType, fc.string(), async (bytes, type, query) => {
        await refusal(fromBody(type, bytes, query))
      }),
    )
  })
})
