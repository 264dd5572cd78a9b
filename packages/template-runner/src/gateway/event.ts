export interface HttpRequest {
  readonly method: string
  /** Decoded twice. */
  readonly path: string
  /** Everything after the first `?`, unchanged. */
  readonly rawQuery: string
  readonly httpVersion: string
  /** Names and values alternate, as received. */
  readonly rawHeaders: readonly string[]
  readonly body: Buffer
  readonly sourceIp: string
}

export interface RequestMetadata {
  readonly apiId: string
  readonly accountId: string
  readonly requestId: string
  readonly routeKey: string
  readonly pathParameters: Readonly<Record<string, string>>
  /** Epoch milliseconds. */
  readonly now: number
  readonly port: number
}

/** Builds the event of an HTTP API's Lambda integration, payload format 2.0. */
export function httpApiEvent(request: HttpRequest, metadata: RequestMetadata): object {
  const headers = joinHeaders(request.rawHeaders)
  const cookies = valuesOf('cookie', request.rawHeaders).flatMap((value) => value.split(/;\s*/))
  headers.delete('cookie')
  const { sourceIp, body } = request
  const forwarded = headers.get('x-forwarded-for')
  headers.set('x-forwarded-for', forwarded === undefined ? sourceIp : `${forwarded}, ${sourceIp}`)
  headers.set('x-forwarded-port', String(metadata.port))
  headers.set('x-forwarded-proto', 'http')
  const query = joinDuplicates(new URLSearchParams(request.rawQuery))
  const isBase64Encoded = body.length > 0 && !isText(headers.get('content-type'))
  return {
    version: '2.0',
    routeKey: metadata.routeKey,
    rawPath: request.path,
    rawQueryString: request.rawQuery,
    ...(cookies.length > 0 && { cookies }),
    headers: Object.fromEntries(headers),
    ...(query.size > 0 && { queryStringParameters: Object.fromEntries(query) }),
    requestContext: requestContext(request, metadata, headers),
    ...(Object.keys(metadata.pathParameters).length > 0 && { pathParameters: metadata.pathParameters }),
    ...(body.length > 0 && { body: body.toString(isBase64Encoded ? 'base64' : 'utf8') }),
    isBase64Encoded,
  }
}

function requestContext(request: HttpRequest, metadata: RequestMetadata, headers: ReadonlyMap<string, string>): object {
  return {
    accountId: metadata.accountId,
    apiId: metadata.apiId,
    domainName: headers.get('host') ?? '',
    domainPrefix: metadata.apiId,
    http: {
      method: request.method,
      path: request.path,
      protocol: `HTTP/${request.httpVersion}`,
      sourceIp: request.sourceIp,
      userAgent: headers.get('user-agent') ?? '',
    },
    requestId: metadata.requestId,
    routeKey: metadata.routeKey,
    stage: '$default',
    time: formatLogTime(new Date(metadata.now)),
    timeEpoch: metadata.now,
  }
}

/** HTTP APIs pass bodies of these types as text and all others as base64. */
function isText(contentType: string | undefined): boolean {
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  return type.startsWith('text/') || /^application\/(json|javascript|xml)$/.test(type)
}

function joinHeaders(rawHeaders: readonly string[]): Map<string, string> {
  const pairs = rawHeaders.flatMap((name, index): [string, string][] =>
    index % 2 === 0 ? [[name.toLowerCase(), rawHeaders[index + 1] ?? '']] : [],
  )
  return joinDuplicates(pairs)
}

function valuesOf(wanted: string, rawHeaders: readonly string[]): string[] {
  return rawHeaders.filter((_value, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === wanted)
}

function joinDuplicates(pairs: Iterable<[string, string]>): Map<string, string> {
  const joined = new Map<string, string>()
  for (const [name, value] of pairs) {
    const before = joined.get(name)
    joined.set(name, before === undefined ? value : `${before},${value}`)
  }
  return joined
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Formats a date like `12/Mar/2020:19:03:58 +0000`. */
function formatLogTime(date: Date): string {
  const [day, clock] = date.toISOString().slice(0, 19).split('T')
  const [year, month, dayOfMonth] = (day ?? '').split('-')
  return `${dayOfMonth}/${months[Number(month) - 1]}/${year}:${clock} +0000`
}
