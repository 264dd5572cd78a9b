import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import type { GatewayRequest } from '../api-gateway.ts'
import { encodeRequest, formats } from './encode-request.ts'
import { anyHostileText, propertyNames } from './hostile-text.ts'

/** The current key and the previous one. */
export const receiverKeys = ['kEy-of-today_Zx81!', 'kEy-of-yesterday_Qv27?'] as const

export const codeFormats = ['hex', 'base64', 'base64url'] as const

type Pair = readonly [name: string, value: string]

/** A callback that was signed with a key of the receiver, and what was done to it afterwards. */
export type HostileCallback = {
  readonly request: GatewayRequest
  /** The text that the sender signed. */
  readonly canonical: string
  readonly code: string
  /** Whether all signed values are stored as they are: those of a token and of a parameter without a name are not. */
  readonly storesAll: boolean
  /** Whether the request arrives as it was signed, and has everything that the receiver requires. */
  readonly isGenuine: boolean
  readonly sabotage: Sabotage
}

const identities: Readonly<Record<string, readonly string[]>> = {
  open: ['room_id'],
  join: ['room_id', 'user_id'],
  publish: ['room_id', 'user_id', 'stream_id'],
  warning_notify: ['box_code'],
  record_transcoding_completion: ['room_id'],
  constructor: [],
  custom: [],
}
const documented = [
  'user_name',
  'event_type',
  'endpoint_type',
  'stream_type',
  'start_time',
  'stop_time',
  'options',
  'exporter_id',
  'token',
]

/** Parameters beside those of the document: arrays, objects, properties, variants of documented names. */
const extraNames = [
  'a[]',
  'a[0]',
  'a.b',
  'room_id[]',
  'room_id[0]',
  'room_id.x',
  'user_id[$ne]',
  ...propertyNames,
  'site',
  '|',
  '%',
  '王',
  '=',
  '0',
  '4294967295',
  'x'.repeat(1_000),
]
/** Names whose values the receiver does not store, so that what it stores does not show what was signed. */
const unstoredNames = ['', 'Check_Code', 'CHECK_CODE', 'checkcode', 'Token', 'x'.repeat(1_025)]

const id = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('R1', '18972290508', 'u-7') },
  { weight: 1, arbitrary: anyHostileText },
)
const extra = fc.tuple(
  fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...documented) },
    { weight: 4, arbitrary: fc.constantFrom(...extraNames) },
    { weight: 1, arbitrary: fc.constantFrom(...unstoredNames) },
  ),
  anyHostileText,
)

const sabotages = [
  'other key',
  'no code',
  'empty code',
  'wrong code',
  'text as code',
  'key as code',
  'code of other values',
  'changed value',
  'removed parameter',
  'added parameter',
  'renamed parameter',
  'split value',
  'joined values',
  'repeated name',
  'code twice',
  'code in another parameter',
  'damaged body',
  'other content type',
  'compressed',
  'other method',
] as const
export type Sabotage = (typeof sabotages)[number] | 'none'

const headerTricks: readonly Readonly<Record<string, string>>[] = [
  {},
  { 'x-forwarded-for': '127.0.0.1, ::1', 'x-real-ip': '127.0.0.1' },
  { 'cloudfront-viewer-address': '127.0.0.1:1', 'x-northbound-edge-key': 'guess' },
  { host: 'evil.example', 'x-forwarded-host': 'evil.example' },
  { authorization: 'Basic Og==', cookie: 'a=b' },
  { 'transfer-encoding': 'chunked', 'content-length': '0', te: 'trailers', expect: '100-continue' },
  { 'x-http-method-override': 'DELETE', 'content-encoding': 'identity' },
  { constructor: 'x', __proto__: 'x' },
]

const canonicalOf = (pairs: readonly Pair[]) =>
  pairs
    .filter(([, value]) => value !== '')
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([, value]) => value)
    .join('|')

export const hmac = (key: string, text: string) => createHmac('sha256', key).update(text).digest()

/** A callback with hostile values. Half of them are signed and sent as a platform would; the others are changed or forged. */
export const anyHostileCallback: fc.Arbitrary<HostileCallback> = fc
  .record({
    event: fc.constantFrom(...Object.keys(identities)),
    ids: fc.tuple(id, id, id, id),
    trace: fc.oneof({ weight: 5, arbitrary: fc.uuid() }, { weight: 1, arbitrary: anyHostileText }),
    extras: fc.uniqueArray(extra, { maxLength: 4, selector: ([name]) => name }),
    key: fc.constantFrom(...receiverKeys),
    codeFormat: fc.constantFrom(...codeFormats),
    format: fc.constantFrom(...formats),
    sabotage: fc.oneof(fc.constant('none' as const), fc.constantFrom(...sabotages)),
    seed: fc.nat(1_000),
    junk: anyHostileText,
    headers: fc.constantFrom(...headerTricks),
  })
  .map(({ event, ids, trace, extras, key, codeFormat, format, sabotage, seed, junk, headers }) => {
    const own: Pair[] = (identities[event] ?? []).map((name, index) => [name, ids[index] ?? ''])
    const signed: Pair[] = [['event', event], ['trace_id', trace], ...own, ...extras]
    const canonical = canonicalOf(signed)
    const code = hmac(key, canonical).toString(codeFormat)
    const isComplete = signed
      .slice(0, own.length + 2)
      .every(([, value]) => value !== '' && Buffer.byteLength(value) <= 4_096)
    const sent = sabotagePairs(signed, { sabotage, code, seed, junk })
    const request = encodeRequest(sent, format, seed)
    return {
      request: sabotageRequest({ ...request, headers: { ...headers, ...request.headers } }, sabotage, seed),
      canonical,
      code,
      storesAll: extras.every(([name]) => name !== 'token' && !unstoredNames.includes(name)),
      isGenuine: sabotage === 'none' && isComplete && extras.every(([name, value]) => isOrdinary(name, value)),
      sabotage,
    }
  })

/** Whether a parameter can neither be refused nor hide what was signed. */
function isOrdinary(name: string, value: string): boolean {
  return !unstoredNames.includes(name) && name.toWellFormed() === name && Buffer.byteLength(value) <= 4_096
}

type SabotageOptions = {
  readonly sabotage: Sabotage
  readonly code: string
  readonly seed: number
  readonly junk: string
}

/** Returns the parameters that are sent, the `check_code` included. */
function sabotagePairs(signed: readonly Pair[], { sabotage, code, seed, junk }: SabotageOptions): Pair[] {
  const index = seed % signed.length
  const [name = '', value = ''] = signed[index] ?? []
  const withCode = (pairs: readonly Pair[], sentCode = code): Pair[] => [...pairs, ['check_code', sentCode]]
  const replace = (...pairs: Pair[]) => withCode(signed.toSpliced(index, 1, ...pairs))
  const halves = value.split('|')
  switch (sabotage) {
    case 'other key':
      return withCode(signed, hmac('guess', canonicalOf(signed)).toString('hex'))
    case 'no code':
      return [...signed]
    case 'empty code':
      return withCode(signed, '')
    case 'wrong code':
      return withCode(signed, hmac(String(seed), 'x').toString('hex'))
    case 'text as code':
      return withCode(signed, junk)
    case 'key as code':
      return withCode(signed, receiverKeys[0])
    case 'code of other values':
      return withCode(signed, hmac(receiverKeys[0], `${canonicalOf(signed)}|${seed}`).toString('hex'))
    case 'changed value':
      return replace([name, `${value}${junk}!`])
    case 'removed parameter':
      return withCode(signed.toSpliced(index, 1))
    case 'added parameter':
      return withCode([...signed, ['zz', junk]])
    case 'renamed parameter':
      return replace([`${name}${seed % 2 === 0 ? '2' : ''}`, value])
    case 'split value':
      return replace(...halves.map((half, part): Pair => [`${name}${part === 0 ? '' : part}`, half]))
    case 'joined values':
      return withCode([
        ...signed.slice(0, index),
        [
          name,
          signed
            .slice(index)
            .map(([, one]) => one)
            .join('|'),
        ],
      ])
    case 'repeated name':
      return withCode([...signed, [name, `${value}x`]])
    case 'code twice':
      return [...withCode(signed), ['check_code', '0'.repeat(64)]]
    case 'code in another parameter':
      return [...signed, ['note', code], ['trace_id2', code]]
    default:
      return withCode(signed)
  }
}

function sabotageRequest(request: GatewayRequest, sabotage: Sabotage, seed: number): GatewayRequest {
  const bytes = Buffer.from(request.body ?? '')
  switch (sabotage) {
    case 'damaged body': {
      if (bytes.length === 0) return { ...request, query: `${request.query?.slice(seed % 40)}` }
      bytes[seed % bytes.length] = seed % 256
      return { ...request, body: bytes }
    }
    case 'other content type':
      return {
        ...request,
        headers: { ...request.headers, 'content-type': contentTypes[seed % contentTypes.length] ?? '' },
      }
    case 'compressed':
      return {
        ...request,
        headers: { ...request.headers, 'content-encoding': ['gzip', 'br', 'deflate, gzip', ' GZIP '][seed % 4] ?? '' },
      }
    case 'other method':
      return { ...request, method: ['PUT', 'DELETE', 'HEAD', 'OPTIONS', 'get', 'TRACE', ''][seed % 7] ?? '' }
    default:
      return request
  }
}

const contentTypes = [
  '',
  ';',
  'text/plain',
  'text/html',
  'application/json',
  'application/x-www-form-urlencoded; charset=utf-16',
  'application/json; charset=utf-7',
  'application/x-www-form-urlencoded;charset=gbk',
  'application/x-www-form-urlencoded;charset="iso-2022-jp"',
  'multipart/form-data',
  'multipart/form-data; boundary=',
  'multipart/form-data; boundary="x"',
  'multipart/mixed; boundary=b',
  'application/xml',
  '\0',
  'a'.repeat(9_000),
]
