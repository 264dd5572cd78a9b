import { type CallbackRequest, type Parameter, UnreadableRequestError } from './callback-request.ts'
import { CharsetMismatchError, type Decoding, formDecoding } from './decoding.ts'
import { selectDocumented } from './documented-parameters.ts'
import { findDeclaredCharset, readParameters } from './parameters.ts'

/**
 * The text that a signature covers. The document does not say which (docs/protocol.md, Signature).
 *
 * - `form_decoded`: percent-encoding and `+` are decoded;
 * - `percent_decoded`: percent-encoding is decoded, and `+` stays;
 * - `as_sent`: nothing is decoded;
 * - `declared_charset`, `gb18030`: the text in that character set, with `+` decoded or not;
 * - `bytes`: the bytes of values that are not UTF-8, with `+` decoded or not.
 */
export type ReadingName = 'form_decoded' | 'percent_decoded' | 'as_sent' | 'declared_charset' | 'gb18030' | 'bytes'

/** One way to understand a request: what its signature covers, and what is stored if the signature holds. */
export type Reading = {
  readonly name: ReadingName
  readonly signed: readonly Parameter[]
  /** How the signed text becomes bytes. With `latin1`, each character is one byte. */
  readonly encoding: 'utf8' | 'latin1'
  readonly readStored: () => readonly Parameter[]
}

/** A request whose parameters can be read. */
export type Callback = {
  /** The reading that is tried first: `form_decoded`, if it applies. */
  readonly first: Reading
  /** The other readings that apply, and possibly the first one again. They are computed when they are needed. */
  readonly listOthers: () => Iterable<Reading>
  /**
   * The parameters if no signature decides how they are read.
   *
   * @throws UnreadableRequestError if a parameter has two different values, or if the body is text in no character set.
   */
  readonly readUnsigned: () => readonly Parameter[]
}

/** A request with more parameters is read in one way only, the first that applies: sorting them takes long. Events have about ten. */
const maxReinterpretedParameters = 1000

/** @throws UnreadableRequestError if no reading applies. */
export function readCallback(request: CallbackRequest): Callback {
  const readUnsigned = () => readText(request, 'unsigned')
  const usual = tryRead(request, formDecoding)
  if (Array.isArray(usual)) {
    const first: Reading = { name: 'form_decoded', signed: usual, encoding: 'utf8', readStored: () => usual }
    let others: Iterable<Reading> | undefined
    const listOthers = () => (others ??= remember(listOtherReadings(request, usual)))
    return { first, listOthers, readUnsigned }
  }
  const readings = remember(endAfterLargeReading(listOtherReadings(request, usual)))
  const [first] = readings
  if (first !== undefined) return { first, listOthers: () => readings, readUnsigned }
  if (usual instanceof UnreadableRequestError) throw usual
  throw notText()
}

/** Ends after the first reading with too many parameters. */
function* endAfterLargeReading(readings: Iterable<Reading>): Generator<Reading> {
  for (const reading of readings) {
    yield reading
    if (reading.signed.length > maxReinterpretedParameters) return
  }
}

function* listOtherReadings(
  request: CallbackRequest,
  usual: Parameter[] | UnreadableRequestError | CharsetMismatchError,
): Generator<Reading> {
  if (Array.isArray(usual) && usual.length > maxReinterpretedParameters) return
  yield* listTextReadings(request, 'percent_decoded', [{ style: 'percent', charset: 'utf-8' }])
  const isUtf8 = !(usual instanceof CharsetMismatchError)
  if (isUtf8) yield* listReadingAsSent(request)
  if (Array.isArray(usual) && usual.every(isAscii)) return
  const declared = findDeclaredCharset(request)
  if (declared !== undefined) yield* listTextReadings(request, 'declared_charset', inBothStyles(declared))
  yield* listTextReadings(request, 'gb18030', inBothStyles('gb18030'))
  // The bytes of a request in UTF-8 are those of its text.
  if (isUtf8) return
  yield* listByteReadings(request)
  yield* listReadingAsSent(request)
  yield* listReadingsWithoutUrlQuery(request, declared)
}

/** The query of a callback URL may be in another character set than the values of the platform. */
function* listReadingsWithoutUrlQuery(request: CallbackRequest, declared: string | undefined): Generator<Reading> {
  const rawQueryString = selectDocumented(request.rawQueryString)
  if (rawQueryString === request.rawQueryString) return
  const remaining = { ...request, rawQueryString }
  if (declared !== undefined) yield* listTextReadings(remaining, 'declared_charset', inBothStyles(declared))
  yield* listTextReadings(remaining, 'gb18030', inBothStyles('gb18030'))
}

function* listReadingAsSent(request: CallbackRequest): Generator<Reading> {
  const signed = tryRead(request, { style: 'sent', charset: 'any', declared: findDeclaredCharset(request) })
  if (Array.isArray(signed))
    yield { name: 'as_sent', signed, encoding: 'utf8', readStored: () => readText(request, 'unsigned') }
}

function* listTextReadings(
  request: CallbackRequest,
  name: ReadingName,
  decodings: readonly Decoding[],
): Generator<Reading> {
  for (const decoding of decodings) {
    const parameters = tryRead(request, decoding)
    if (Array.isArray(parameters)) yield { name, signed: parameters, encoding: 'utf8', readStored: () => parameters }
  }
}

function* listByteReadings(request: CallbackRequest): Generator<Reading> {
  for (const decoding of inBothStyles('bytes', findDeclaredCharset(request))) {
    const signed = tryRead(request, decoding)
    if (Array.isArray(signed))
      yield { name: 'bytes', signed, encoding: 'latin1', readStored: () => readText(request, decoding.style) }
  }
}

function inBothStyles(charset: string, declared?: string): Decoding[] {
  return [
    { style: 'form', charset, declared },
    { style: 'percent', charset, declared },
  ]
}

/**
 * Reads a request in the first character set that fits: UTF-8, the declared one, GB18030, or else a different one for each
 * value.
 */
function readText(request: CallbackRequest, style: Decoding['style']): Parameter[] {
  const inUtf8 = tryRead(request, { style, charset: 'utf-8' })
  if (Array.isArray(inUtf8)) return inUtf8
  const declared = findDeclaredCharset(request)
  for (const charset of declared === undefined ? ['gb18030'] : [declared, 'gb18030']) {
    const parameters = tryRead(request, { style, charset })
    if (Array.isArray(parameters)) return parameters
  }
  const parameters = tryRead(request, { style, charset: 'any', declared })
  if (Array.isArray(parameters)) return parameters
  throw parameters instanceof CharsetMismatchError ? notText() : parameters
}

function tryRead(
  request: CallbackRequest,
  decoding: Decoding,
): Parameter[] | UnreadableRequestError | CharsetMismatchError {
  try {
    return readParameters(request, decoding)
  } catch (error) {
    if (error instanceof UnreadableRequestError || error instanceof CharsetMismatchError) return error
    throw error
  }
}

function notText(): UnreadableRequestError {
  return new UnreadableRequestError({ kind: 'no_text' })
}

function isAscii({ value }: Parameter): boolean {
  return /^[\0-\x7f]*$/.test(value)
}

/** An iterable that computes each item once, when it is first needed. */
function remember<Item>(source: Iterator<Item>): Iterable<Item> {
  const known: Item[] = []
  return {
    *[Symbol.iterator]() {
      for (let index = 0; ; index++) {
        const next = index < known.length ? undefined : source.next()
        if (next?.done) return
        if (next !== undefined) known.push(next.value)
        yield known[index] as Item
      }
    },
  }
}
