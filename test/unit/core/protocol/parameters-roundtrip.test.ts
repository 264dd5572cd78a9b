import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCallback } from '../../../../core/protocol/readings.ts'
import { anyText } from '../../../support/any-text.ts'
import {
  boundary,
  encodeMultipart,
  formType,
  fromBody,
  fromQuery,
  jsonType,
  multipartType,
  rejectionMessage,
  valuesOf,
} from './requests.ts'

const text = fc.oneof(
  anyText(),
  fc.string({ unit: 'grapheme' }),
  // Characters with a meaning in the formats.
  fc.string({ unit: fc.constantFrom('%', '+', '&', '=', '"', '\\', '{', '}', ',', '\r', '\n', '-', ' ', '2', '0') }),
)
/** In multipart names, HTML encodes a quote as %22 without escaping %22 itself. Such names are ambiguous. */
const name = text.filter((candidate) => !/%22|%0[ad]/i.test(candidate))
const parameters = fc
  .uniqueArray(fc.tuple(name, text), { selector: ([key]) => key, maxLength: 6 })
  .filter((pairs) => !JSON.stringify(pairs).includes(boundary))

/** Encodes only what must be encoded, like a careless sender. */
const encodeLoosely = (value: string) => encodeURIComponent(value).replaceAll('%20', '+').replaceAll('%3D', '=')

describe('readParameters with arbitrary parameters', () => {
  it('reads back what a query string encodes', async () => {
    await fc.assert(
      fc.asyncProperty(parameters, async (pairs) => {
        const query = pairs.map((pair) => pair.map(encodeURIComponent).join('=')).join('&')
        expect(valuesOf(await fromQuery(query))).toEqual(pairs)
      }),
    )
  })

  it('reads back what a form encodes, strictly or loosely', async () => {
    await fc.assert(
      fc.asyncProperty(parameters, async (pairs) => {
        expect(valuesOf(await fromBody(formType, String(new URLSearchParams(pairs))))).toEqual(pairs)
        const loose = pairs.map(([key, value]) => `${encodeURIComponent(key)}=${encodeLoosely(value)}`).join('&')
        expect(valuesOf(await fromBody(formType, loose))).toEqual(pairs)
      }),
    )
  })

  it('reads back what JSON encodes, compact or indented', async () => {
    await fc.assert(
      fc.asyncProperty(parameters, fc.nat(3), async (pairs, indent) => {
        const members = pairs.map((pair) => pair.map((part) => JSON.stringify(part)).join(`:${' '.repeat(indent)}`))
        const body = `{${members.join(`,${'\n'.repeat(indent)}`)}}`
        expect(valuesOf(await fromBody(jsonType, body))).toEqual(pairs)
      }),
    )
  })

  it('reads back what multipart encodes', async () => {
    await fc.assert(
      fc.asyncProperty(parameters, async (pairs) => {
        expect(valuesOf(await fromBody(multipartType, encodeMultipart(pairs)))).toEqual(pairs)
      }),
    )
  })

  it('reads JSON values of any kind as their text', async () => {
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

describe('readCallback with arbitrary bytes', () => {
  it('returns readings or throws UnreadableRequestError', async () => {
    const contentTypes = fc.constantFrom(undefined, formType, jsonType, multipartType, 'text/plain', 'image/png')
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 60 }),
        contentTypes,
        fc.string(),
        async (body, contentType, query) => {
          const read = async () => {
            const callback = readCallback({ method: 'POST', rawQueryString: query, contentType, body })
            return [callback.first, ...callback.listOthers()].map(({ readStored }) => readStored())
          }
          await rejectionMessage(read())
        },
      ),
    )
  })
})
