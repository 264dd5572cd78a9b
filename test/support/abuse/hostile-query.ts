import fc from 'fast-check'
import { apiRoutes } from '../../../lambdas/query-api/routes.ts'
import type { GatewayRequest } from '../api-gateway.ts'
import { anyHostileText, propertyNames } from './hostile-text.ts'

/** The current token of the query API and the previous one. */
export const apiTokens = ['t0ken-of-today-Zx81', 't0ken-of-yesterday-Qv27'] as const

export type HostileQuery = {
  readonly request: GatewayRequest
  /** Whether the request has a valid token. */
  readonly isAuthorized: boolean
}

const anyId = fc.oneof(fc.constantFrom('R1', 'u-7', '18972290508', 'nobody'), anyHostileText)
const anyTime = fc.constantFrom(
  '2024-11-24T00:00:00Z',
  '2024-11-25T00:00:00+08:00',
  '0000-01-01T00:00Z',
  '9999-12-31T23:59:59.999Z',
  '-271821-04-20T00:00:00Z',
  '+275760-09-13T00:00:00Z',
  '2024-02-30T00:00Z',
  '2024-11-24T24:00Z',
  '2024-11-24T00:00:60Z',
  '2024-11-24',
  '1732406400',
  '2024-11-24T00:00:00+99:99',
  '2024-11-24T00:00:00.1234567891Z',
  '٢٠٢٤-11-24T00:00Z',
)
const usualValues: Readonly<Record<string, fc.Arbitrary<string>>> = {
  limit: fc.constantFrom(
    '1',
    '2',
    '100',
    '1000',
    '0',
    '-1',
    '1001',
    '1e2',
    '0x10',
    ' 1',
    '1.0',
    '٣',
    '9'.repeat(400),
    'Infinity',
  ),
  from: anyTime,
  to: anyTime,
  room_id: anyId,
  user_id: anyId,
  box_code: anyId,
  status: fc.constantFrom('open', 'closed', 'all', 'ready', 'failed', 'Open'),
  format: fc.constantFrom('json', 'csv', 'xlsx', 'CSV', 'html'),
  lang: fc.constantFrom('zh', 'en', '../en'),
  order: fc.constantFrom('oldest', 'newest'),
  period: fc.constantFrom('hour', 'day', 'month', 'year'),
  present: fc.constantFrom('true', 'false', '1'),
}

const required: Readonly<Record<string, string>> = { timeline: 'from' }
const routes = apiRoutes.map(({ path, querySchema }) => ({ path, names: Object.keys(querySchema.shape) }))

/** Changes an opaque text such as a cursor or a token. */
function mutate(text: string, change: number): string {
  const at = change % (text.length + 1)
  switch (change % 7) {
    case 0:
      return text
    case 1:
      return text.slice(0, at)
    case 2:
      return `${text.slice(0, at)}A${text.slice(at + 1)}`
    case 3:
      return `${text}=`
    case 4:
      return Buffer.from(text, 'base64url').toString('base64')
    case 5:
      return text.toUpperCase()
    default:
      return `${text} `
  }
}

const anyJson = fc.oneof(
  fc.array(
    fc.oneof(
      fc.constantFrom('open', 'closed', 'events', 'sessions', 'present', 'left', 'R', '', -1, 0, 99, 1.5, 1e308, null),
      anyHostileText,
    ),
    { maxLength: 6 },
  ),
  fc.constantFrom({}, 'x', 1, null, [[[[]]]], [{ __proto__: 1 }]),
)
const inventedCursor = fc.oneof(
  anyJson.map((parts) => Buffer.from(JSON.stringify(parts)).toString('base64url')),
  fc.constant(Buffer.from(`${'['.repeat(3_000)}${']'.repeat(3_000)}`).toString('base64url')),
  anyHostileText,
)

const change = fc.nat(10_000)

const anyAuthorization = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.constantFrom(...apiTokens).map((token) => ({ header: `Bearer ${token}`, isAuthorized: true })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...apiTokens).map((token) => ({ header: `bearer   ${token} `, isAuthorized: true })),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        fc.constantFrom('', 'Basic ', 'Bearer', 'Bearer\t', 'Token ', 'Bearer Bearer '),
        fc.constantFrom(...apiTokens),
      )
      .map(([scheme, token]) => ({ header: `${scheme}${token}`, isAuthorized: false })),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        fc.constantFrom(...apiTokens),
        fc.integer({ min: 1, max: 10_000 }).filter((by) => [1, 2, 3, 5].includes(by % 7)),
      )
      .map(([token, by]) => {
        const header = `Bearer ${mutate(token, by)}`
        return { header, isAuthorized: apiTokens.some((valid) => header === `Bearer ${valid}`) }
      }),
  },
  { weight: 1, arbitrary: anyHostileText.map((text) => ({ header: text, isAuthorized: false })) },
  { weight: 1, arbitrary: anyHostileText.map((text) => ({ header: `Bearer ${text}`, isAuthorized: false })) },
)

const headerTricks: readonly Readonly<Record<string, string>>[] = [
  {},
  {},
  { 'if-none-match': '*' },
  { 'if-none-match': `W/"x", "${'"'.repeat(500)}` },
  { 'cache-control': 'max-age=99999999999999999999, max-age=-1, only-if-cached' },
  { 'x-forwarded-for': '127.0.0.1', 'x-original-url': '/api/stats', 'x-http-method-override': 'DELETE' },
  { cookie: `token=${apiTokens[0]}`, 'content-length': '5' },
]

/** Places in which other APIs accept a token. */
const misplacedTokens: readonly { readonly query: string; readonly headers: Readonly<Record<string, string>> }[] = [
  { query: `token=${apiTokens[0]}`, headers: {} },
  { query: `access_token=${apiTokens[1]}`, headers: {} },
  { query: '', headers: { cookie: `token=${apiTokens[0]}` } },
  { query: '', headers: { 'x-api-key': apiTokens[1] } },
]

/** A request without the header that the API reads. */
const anyMisplacedToken: fc.Arbitrary<HostileQuery> = fc
  .tuple(fc.constantFrom(...routes), fc.constantFrom(...misplacedTokens))
  .map(([{ path }, { query, headers }]) => ({
    request: { path: `/api/${path.replace(/\{\w+\}/, 'R1')}`, query, headers },
    isAuthorized: false,
  }))

/** Any request to the query API. @param cursors that lists gave out. */
export function anyHostileQuery(cursors: readonly string[]): fc.Arbitrary<HostileQuery> {
  return fc.oneof({ weight: 30, arbitrary: anyQuery(cursors) }, { weight: 1, arbitrary: anyMisplacedToken })
}

function anyQuery(cursors: readonly string[]): fc.Arbitrary<HostileQuery> {
  const anyCursor = fc.oneof(
    fc.tuple(fc.constantFrom(...cursors), change).map(([cursor, by]) => mutate(cursor, by)),
    inventedCursor,
  )
  const anyRoute = fc.constantFrom(...routes).chain(({ path, names }) => {
    const parameters = names.map((name) => {
      const value = name === 'cursor' ? anyCursor : (usualValues[name] ?? anyHostileText)
      const isLikely = name.endsWith('_id') || name === required[path]
      const anyValue = fc.oneof({ weight: 6, arbitrary: value }, { weight: 1, arbitrary: anyHostileText })
      return fc.oneof(
        { weight: isLikely ? 5 : 1, arbitrary: fc.tuple(fc.constant(name), anyValue) },
        { weight: isLikely ? 1 : 3, arbitrary: fc.constant(null) },
      )
    })
    return fc.record({ path: fc.constant(path), id: anyId, parameters: fc.tuple(...parameters) })
  })
  return fc
    .record({
      route: anyRoute,
      authorization: anyAuthorization,
      method: fc.oneof(
        { weight: 15, arbitrary: fc.constantFrom('GET', 'GET', 'HEAD') },
        { weight: 1, arbitrary: fc.constantFrom('POST', 'PUT', 'TRACE', 'get', '') },
      ),
      others: fc.oneof(
        { weight: 8, arbitrary: fc.constant([]) },
        {
          weight: 1,
          arbitrary: fc.array(
            fc.tuple(
              fc.constantFrom('limit', 'cursor', 'room_id[]', 'a[0]', 'token', ...propertyNames),
              anyHostileText,
            ),
            { maxLength: 2 },
          ),
        },
      ),
      path: fc.oneof({ weight: 12, arbitrary: fc.constant('') }, { weight: 1, arbitrary: anyHostileText }),
      headers: fc.constantFrom(...headerTricks),
    })
    .map(({ route, authorization, method, others, path, headers }) => {
      const pairs = [...route.parameters.filter((pair) => pair !== null), ...others]
      const own = `/api/${route.path.replace(/\{\w+\}/, route.id)}`
      const query = pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&')
      return {
        request: {
          method,
          path: path === '' ? own : `${own}${path}`,
          query,
          headers: { ...headers, authorization: authorization.header },
        },
        isAuthorized: authorization.isAuthorized,
      }
    })
}

/** Some texts are sent as they are, so that their percent-encoding may be malformed. */
function encode(text: string): string {
  return /^[\w%+.-]*$/.test(text) ? text : encodeURIComponent(text.toWellFormed())
}
