import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { startRawGateway } from '../../support/raw-gateway.ts'

const get = (path: string, head = '') => `GET ${path} HTTP/1.1\r\nHost: x\r\n${head}\r\n`
const post = (head: string, body: string) => `POST /a HTTP/1.1\r\nHost: x\r\n${head}\r\n\r\n${body}`
const chunked = (body: string) => post('Transfer-Encoding: chunked', body)
/** Becomes a second request if the first one is framed differently from how its sender meant it. */
const hidden = get('/hidden')

describe('a request whose end is ambiguous', () => {
  it.each([
    ['a length and chunks', post('Content-Length: 4\r\nTransfer-Encoding: chunked', `0\r\n\r\n${hidden}`)],
    ['chunks and a length', post('Transfer-Encoding: chunked\r\nContent-Length: 4', `0\r\n\r\n${hidden}`)],
    ['two different lengths', post('Content-Length: 0\r\nContent-Length: 5', hidden)],
    ['two equal lengths', post('Content-Length: 4\r\nContent-Length: 4', `abcd${hidden}`)],
    ['a list of lengths', post('Content-Length: 4, 4', `abcd${hidden}`)],
    ['a length with a sign', post('Content-Length: +4', `abcd${hidden}`)],
    ['a negative length', post('Content-Length: -4', `abcd${hidden}`)],
    ['a hexadecimal length', post('Content-Length: 0x4', `abcd${hidden}`)],
    ['an empty length', post('Content-Length: ', hidden)],
    ['a length of 30 digits', post(`Content-Length: ${'9'.repeat(30)}`, hidden)],
    ['a blank before the colon of the length', post('Content-Length : 4', `abcd${hidden}`)],
    ['chunks that are not the last coding', post('Transfer-Encoding: chunked, gzip', `0\r\n\r\n${hidden}`)],
    ['an unknown coding', post('Transfer-Encoding: xchunked', hidden)],
    ['the coding identity', post('Transfer-Encoding: identity', hidden)],
    ['two codings in two headers', post('Transfer-Encoding: chunked\r\nTransfer-Encoding: cow', `0\r\n\r\n${hidden}`)],
    ['a vertical tab before the coding', post('Transfer-Encoding: \x0bchunked', `0\r\n\r\n${hidden}`)],
    ['a folded coding', post('Transfer-Encoding:\r\n chunked', `0\r\n\r\n${hidden}`)],
    ['a folded header', get('/a', 'X: a\r\n b\r\n')],
    ['a folded first header', 'GET /a HTTP/1.1\r\n X: a\r\nHost: x\r\n\r\n'],
    ['line feeds only', 'GET /a HTTP/1.1\nHost: x\n\n'],
    ['a line feed after a header', 'GET /a HTTP/1.1\r\nHost: x\nX: y\r\n\r\n'],
    ['a carriage return within a header', get('/a', 'X: a\rY: b\r\n')],
    ['a chunk size of 20 digits', chunked('FFFFFFFFFFFFFFFFFFFF\r\nabc')],
    ['a negative chunk size', chunked(`-1\r\n\r\n${hidden}`)],
    ['a chunk size with a prefix', chunked(`0x3\r\nabc\r\n0\r\n\r\n${hidden}`)],
    ['a chunk that is longer than its size', chunked(`3\r\nabcX\r\n0\r\n\r\n${hidden}`)],
    ['chunks with line feeds only', chunked(`3\nabc\n0\n\n${hidden}`)],
    ['a chunk extension with a line feed', chunked(`3;\nabc\r\n0\r\n\r\n${hidden}`)],
    ['two hosts', `GET /a HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n`],
    ['no host', 'GET /a HTTP/1.1\r\n\r\n'],
    ['the version 0.9', 'GET /a\r\n\r\n'],
    ['the version 1.2', 'GET /a HTTP/1.2\r\nHost: x\r\n\r\n'],
    ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['the method CONNECT', 'CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['an unknown method', 'FOO /a HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['a null character in the path', get('/a\0b')],
    ['a blank in the path', get('/a b')],
    ['bytes that are not ASCII in the path', get('/a\xff\xe4')],
    ['a null character in a header', get('/a', 'X: a\0b\r\n')],
    ['a header without a name', get('/a', ': v\r\n')],
    ['an absolute target without a host', get('http:///a')],
    ['another protocol in its target', get('ftp://x/a')],
    ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  ])('by %s gets 400 and invokes nothing', async (_, text) => {
    const gateway = await startRawGateway()
    const { statuses, invocations } = await gateway.send(text)
    expect(statuses[0]).toBe(400)
    expect(invocations).toEqual([])
    expect(gateway.lines).toEqual([])
  })

  it.each([
    ['an upgrade', get('/a', 'Connection: Upgrade\r\nUpgrade: h2c\r\n'), ['GET', '/a', '']],
    ['names of object properties as headers', get('/a', '__proto__: x\r\nconstructor: y\r\n'), ['GET', '/a', '']],
    ['dot segments', get('/a/../b/./c'), ['GET', '/a/../b/./c', '']],
    ['two slashes at the start', get('//other.example/a'), ['GET', '//other.example/a', '']],
    ['a chunk extension', chunked('3;a="b\r\nabc\r\n0\r\n\r\n'), undefined],
    ['a trailer with a length', chunked('3\r\nabc\r\n0\r\nContent-Length: 9\r\n\r\n'), undefined],
    ['a tab before the coding', post('Transfer-Encoding:\tchunked', '3\r\nabc\r\n0\r\n\r\n'), ['POST', '/a', 'abc']],
  ])('with %s is one request or none', async (_, text, invocation) => {
    const { statuses, invocations } = await (await startRawGateway()).send(text)
    expect(statuses).toEqual([invocation === undefined ? 400 : 200])
    expect(invocations).toEqual(invocation === undefined ? [] : [invocation])
  })

  it('is separated from the next ones on the same connection', async () => {
    const { statuses, invocations } = await (await startRawGateway()).send(
      `${get('/1')}${post('Content-Length: 3', 'GET')}${chunked('3\r\nGET\r\n0\r\n\r\n')}${get('/4')}`,
    )
    expect(statuses).toEqual([200, 200, 200, 200])
    expect(invocations.toSorted()).toEqual([
      ['GET', '/1', ''],
      ['GET', '/4', ''],
      ['POST', '/a', 'GET'],
      ['POST', '/a', 'GET'],
    ])
  })
})

const pieces = [
  'GET ',
  'POST ',
  ' HTTP/1.1',
  ' HTTP/1.0',
  '\r\n',
  '\n',
  '\r',
  '\r\n\r\n',
  'Host: x',
  'Content-Length: 3',
  'Content-Length: 0',
  'Transfer-Encoding: chunked',
  'Expect: 100-continue',
  'Connection: close',
  'Upgrade: x',
  ': ',
  ' ',
  '\t',
  '\0',
  'abc',
  '3',
  '0',
  '/',
  '*',
  '?',
  '#',
  '%00',
  '%zz',
  '%25',
  '\xff',
  'http://x',
]
const anyBytes = fc.array(
  fc.constantFrom(...pieces, get('/1'), post('Content-Length: 3', 'abc'), chunked('3\r\nabc\r\n0\r\n\r\n')),
  { maxLength: 12 },
)

describe('any bytes', () => {
  it('get no 5xx, invoke nothing more than they have methods, and end the connection', async () => {
    const gateway = await startRawGateway()
    await fc.assert(
      fc.asyncProperty(anyBytes, async (parts) => {
        const text = parts.join('')
        const { statuses, invocations } = await gateway.send(text)
        expect(statuses.filter((status) => status >= 500)).toEqual([])
        expect(invocations.length).toBeLessThanOrEqual(text.match(/GET|POST/g)?.length ?? 0)
      }),
      { numRuns: 1_000 },
    )
    expect(gateway.lines).toEqual([])
    expect(await gateway.send(get('/a'))).toMatchObject({ statuses: [200] })
  })
})
