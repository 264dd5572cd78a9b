/**
 * How the text of a request becomes values.
 *
 * - `form`: percent-encoding is decoded, and `+` is a space. Nested JSON is compact.
 * - `percent`: percent-encoding is decoded, and `+` stays. Nested JSON is as sent.
 * - `sent`: nothing is decoded. Nested JSON is as sent.
 * - `unsigned`: like `form`, but `+` followed by digits only stays, because it is a phone number.
 */
type DecodingStyle = 'form' | 'percent' | 'sent' | 'unsigned'

/**
 * The character set of bytes: a label of the Encoding Standard, or
 *
 * - `bytes`: each byte becomes one character, so that a signature of the bytes can be computed;
 * - `any`: each value is UTF-8, in the declared character set, GB18030, or as sent, whichever comes first.
 */
type Charset = string

export type Decoding = {
  readonly style: DecodingStyle
  readonly charset: Charset
  /** The character set that the request declares, for `any`. */
  readonly declared?: string | undefined
}

/** What nearly all requests are. */
export const formDecoding: Decoding = { style: 'form', charset: 'utf-8' }

/** The request is not text in the character set of the decoding. */
export class CharsetMismatchError extends Error {
  override name = 'CharsetMismatchError'
}

const decoders = new Map<string, InstanceType<typeof TextDecoder>>()

/**
 * Decodes bytes. Nothing is replaced: bytes that are not text in the character set are an error.
 *
 * @throws CharsetMismatchError
 */
export function decodeBytes(bytes: Uint8Array, { charset, declared }: Pick<Decoding, 'charset' | 'declared'>): string {
  if (charset === 'bytes') return Buffer.from(bytes).toString('latin1')
  if (charset === 'any') return decodeAny(bytes, declared)
  const decoder = decoders.get(charset) ?? new TextDecoder(charset, { fatal: true, ignoreBOM: true })
  decoders.set(charset, decoder)
  try {
    return decoder.decode(bytes)
  } catch (error) {
    throw new CharsetMismatchError(`the request is not ${charset} text`, { cause: error })
  }
}

function decodeAny(bytes: Uint8Array, declared: string | undefined): string {
  // An exception for each of many values would take long.
  const text = Buffer.from(bytes).toString()
  if (Buffer.from(text).equals(bytes)) return text
  for (const charset of declared === undefined ? ['gb18030'] : [declared, 'gb18030']) {
    try {
      return decodeBytes(bytes, { charset })
    } catch (error) {
      if (!(error instanceof CharsetMismatchError)) throw error
    }
  }
  throw new CharsetMismatchError(`the request is neither utf-8 nor ${declared ?? 'gb18030'} text`)
}

/** The name of the character set in the Encoding Standard; undefined if it is unknown. */
export function canonicalCharset(label: string): string | undefined {
  // Names that Java and Windows use, but the Encoding Standard does not know.
  const known = /^(cp|ms|windows-)936$/i.test(label) ? 'gbk' : label
  try {
    return new TextDecoder(known).encoding
  } catch {
    return undefined
  }
}
