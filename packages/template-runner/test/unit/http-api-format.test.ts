import { describe, expect, it } from 'vitest'
import { type HttpRequest, httpApiEvent } from '../../src/gateway/event.ts'
import { splitRequestTarget } from '../../src/gateway/request-target.ts'
import { httpApiResponse } from '../../src/gateway/response.ts'
import { findRoute, readRoute } from '../../src/gateway/routes.ts'

const request: HttpRequest = {
  method: 'GET',
  path: '/items/7',
  rawQuery: '',
  httpVersion: '1.1',
  rawHeaders: ['Host', 'example.org'],
  body: Buffer.alloc(0),
  sourceIp: '127.0.0.1',
}
const metadata = {
  apiId: 'api',
  accountId: '000000000000',
  requestId: 'r1',
  routeKey: 'GET /items/{id}',
  pathParameters: { id: '7' },
  now: Date.UTC(2026, 2, 5, 7, 8, 9, 123),
  port: 3322,
}
const event = (changes: Partial<HttpRequest>) => httpApiEvent({ ...request, ...changes }, metadata)

describe('findRoute', () => {
  const keys = ['ANY /x', 'GET /x', 'ANY /x/{proxy+}', 'GET /x/{id}', 'POST /x/fixed', '$default']
  const routes = keys.map((key) => readRoute(key, key))

  it.each([
    ['GET', '/x', 'GET /x'],
    ['PUT', '/x', 'ANY /x'],
    ['GET', '/x/1', 'GET /x/{id}'],
    ['PUT', '/x/1', 'ANY /x/{proxy+}'],
    ['GET', '/x/1/2', 'ANY /x/{proxy+}'],
    ['POST', '/x/fixed', 'POST /x/fixed'],
    ['PUT', '/x/', 'ANY /x/{proxy+}'],
    ['GET', '/y', '$default'],
    ['GET', '/', '$default'],
  ])('matches %s %s to the route %s', (method, path, key) => {
    expect(findRoute(routes, method, path)?.route.key).toBe(key)
  })

  it('returns the path parameters', () => {
    expect(findRoute(routes, 'PUT', '/x/a/b')?.pathParameters).toEqual({ proxy: 'a/b' })
    expect(findRoute(routes, 'GET', '/x/a')?.pathParameters).toEqual({ id: 'a' })
  })

  it('returns undefined if no route matches', () => {
    expect(findRoute([readRoute('GET /x', 1)], 'POST', '/x')).toBeUndefined()
  })
})

describe('splitRequestTarget', () => {
  it.each([
    ['/a%20b?x=%2525', '/a b', 'x=%2525'],
    ['/%E7%8E%8B/@user_1.x-y', '/王/@user_1.x-y', ''],
    ['/a%2Fb', '/a/b', ''],
    ['/a%252Fb', '/a/b', ''],
    ['/%25E7%258E%258B', '/王', ''],
    ['/100%2525', '/100%', ''],
    ['/a+b', '/a+b', ''],
    ['/a%3Fb?c', '/a', 'c'],
    ['/a%253Fb?c', '/a', 'c'],
  ])('decodes the path of %s twice, and keeps the query unchanged', (url, path, rawQuery) => {
    expect(splitRequestTarget(url)).toEqual({ path, rawQuery })
  })

  it.each(['/100%25', '/%25zz', '/%zz', '/%E7', '/%25E7', '*'])('refuses %s', (url) => {
    expect(splitRequestTarget(url)).toBeUndefined()
  })
})

describe('httpApiEvent', () => {
  it('builds an event in payload format 2.0', () => {
    expect(event({})).toEqual({
      version: '2.0',
      routeKey: 'GET /items/{id}',
      rawPath: '/items/7',
      rawQueryString: '',
      headers: {
        host: 'example.org',
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-port': '3322',
        'x-forwarded-proto': 'http',
      },
      requestContext: {
        accountId: '000000000000',
        apiId: 'api',
        domainName: 'example.org',
        domainPrefix: 'api',
        http: { method: 'GET', path: '/items/7', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: '' },
        requestId: 'r1',
        routeKey: 'GET /items/{id}',
        stage: '$default',
        time: '05/Mar/2026:07:08:09 +0000',
        timeEpoch: metadata.now,
      },
      pathParameters: { id: '7' },
      isBase64Encoded: false,
    })
  })

  it('keeps the raw query unchanged and joins decoded duplicate parameters with commas', () => {
    expect(event({ rawQuery: 'a=%E4%BD%A0&b=1+2&a=x%2C' })).toMatchObject({
      rawQueryString: 'a=%E4%BD%A0&b=1+2&a=x%2C',
      queryStringParameters: { a: '你,x,', b: '1 2' },
    })
  })

  it('lower-cases header names, joins duplicate headers with commas and separates cookies', () => {
    const rawHeaders = ['X-One', 'a', 'x-one', 'b', 'Cookie', 'c=1; d=2', 'Cookie', 'e=3']
    const built = event({ rawHeaders })
    expect(built).toMatchObject({ headers: { 'x-one': 'a,b' }, cookies: ['c=1', 'd=2', 'e=3'] })
    expect(built).not.toHaveProperty('headers.cookie')
  })

  it.each([
    'application/json',
    'Application/JSON; charset=utf-8',
    'text/plain',
    'application/xml',
    'application/javascript',
  ])('passes a body of type %s as text', (type) => {
    const rawHeaders = ['Content-Type', type]
    expect(event({ rawHeaders, body: Buffer.from('a=1') })).toMatchObject({ body: 'a=1', isBase64Encoded: false })
  })

  it.each([
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/octet-stream',
    undefined,
  ])('passes a body of type %s as base64', (type) => {
    const rawHeaders = type === undefined ? [] : ['Content-Type', type]
    expect(event({ rawHeaders, body: Buffer.from('a=1') })).toMatchObject({ body: 'YT0x', isBase64Encoded: true })
  })
})

describe('httpApiResponse', () => {
  const respond = (value: unknown) => httpApiResponse(JSON.stringify(value))

  it('converts a return value with a status code', () => {
    const value = {
      statusCode: 201,
      headers: { 'X-A': 1 },
      cookies: ['a=1', 'b=2'],
      body: 'aGk=',
      isBase64Encoded: true,
    }
    expect(respond(value)).toEqual({
      status: 201,
      headers: [
        ['content-type', 'text/plain;charset=UTF-8'],
        ['x-a', '1'],
        ['set-cookie', 'a=1'],
        ['set-cookie', 'b=2'],
      ],
      body: Buffer.from('hi'),
    })
  })

  it('wraps a return value without a status code in a 200 JSON response', () => {
    const headers = [['content-type', 'application/json']]
    expect(respond({ a: 1 })).toEqual({ status: 200, headers, body: Buffer.from('{"a":1}') })
    expect(respond('hi')).toEqual({ status: 200, headers, body: Buffer.from('hi') })
  })

  it('returns undefined for an invalid response', () => {
    expect(respond({ statusCode: 'soon' })).toBeUndefined()
    expect(respond({ statusCode: 200, body: { a: 1 } })).toBeUndefined()
  })
})
