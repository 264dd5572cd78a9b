import { type CallbackRequest, UnreadableRequestError } from '../../core/protocol/callback-request.ts'
import { listCandidates } from '../../core/protocol/check-code.ts'
import type { readForm } from '../../core/protocol/form.ts'
import { readCallback } from '../../core/protocol/readings.ts'
import { type Cause, cause } from './causes.ts'
import { encodeLatin1, encodeUtf8, type TextEncoding } from './charsets.ts'
import type { PastedRequest } from './split-url.ts'

type Parameters = ReturnType<typeof readForm>

/** Parameters that the platform may have signed, and how their text becomes bytes. */
export interface SignedParameters {
  readonly parameters: Readonly<Parameters>
  readonly encode: TextEncoding
  readonly causes: readonly Cause[]
}

/** Lists the parameters of a request under all readings of the receiver, each as the signature may cover them. */
export function listSignedParameters({ request, causes }: RequestVariant): SignedParameters[] {
  try {
    return Array.from(listCandidates(readCallback(request)), ({ reading, isCovered }) => ({
      parameters: isCovered === undefined ? reading.signed : reading.signed.filter(({ name }) => isCovered(name)),
      encode: reading.encoding === 'latin1' ? encodeLatin1 : encodeUtf8,
      causes,
    }))
  } catch (error) {
    if (error instanceof UnreadableRequestError) return []
    throw error
  }
}

/** A request, and what was done to it. */
export interface RequestVariant {
  readonly request: CallbackRequest
  readonly causes: readonly Cause[]
}

/** What the request may have been before its query or body was damaged. */
export function* listRepaired({ request, fragment }: PastedRequest): Generator<RequestVariant> {
  const { rawQueryString: query } = request
  if (fragment !== '') {
    const text = 'the URL has a "#" that is not percent-encoded; what follows it is not sent'
    yield {
      request: { ...request, rawQueryString: `${query}%23${fragment}` },
      causes: [cause('parameter_split', text, 'URL 中的“#”未编码，其后的内容不会被发送')],
    }
  }
  if (/&amp;/i.test(query)) {
    const found = cause(
      'parameter_split',
      'the separators of the URL are HTML escapes (&amp;)',
      'URL 中的分隔符被转义为 &amp;',
    )
    yield { request: { ...request, rawQueryString: query.replace(/&amp;/gi, '&') }, causes: [found] }
  }
  for (const [part, name] of listSplitPairs(query)) {
    const en = `the "&" in the value of ${name} is not percent-encoded`
    yield {
      request: { ...request, rawQueryString: part },
      causes: [cause('parameter_split', en, `${name} 的值中的“&”未编码`, name)],
    }
  }
  if (request.body.length > 0 && query !== '') {
    yield {
      request: { ...request, rawQueryString: '' },
      causes: [cause('parameter_extra', 'the parameters of the query are not signed', 'URL 中的参数未计入签名')],
    }
    yield {
      request: { ...request, body: new Uint8Array() },
      causes: [cause('parameter_extra', 'the parameters of the body are not signed', '请求体中的参数未计入签名')],
    }
  }
}

const maxSplitPairs = 40

/** Queries in which a pair is joined to the one before it. */
function* listSplitPairs(query: string): Generator<readonly [query: string, name: string]> {
  const pairs = query.split('&')
  if (pairs.length > maxSplitPairs) return
  for (const [index, pair] of pairs.entries()) {
    const before = pairs[index - 1]
    if (before === undefined || !before.includes('=') || /^(check_code|event|trace_id)=/.test(pair)) continue
    const name = before.slice(0, before.indexOf('='))
    yield [pairs.toSpliced(index - 1, 2, `${before}%26${pair.replaceAll('=', '%3D')}`).join('&'), name]
  }
}
