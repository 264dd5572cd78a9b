import type { CallbackRequest } from '../../core/protocol/callback-request.ts'

/** A pasted request. */
export interface PastedRequest {
  readonly request: CallbackRequest
  /** What follows `#` in its URL. It is not sent. */
  readonly fragment: string
}

/** Splits a URL into its query, as it is sent, and its fragment. */
export function splitUrl(url: string): { readonly query: string; readonly fragment: string } {
  const [, sent = '', fragment = ''] = /^([^#]*)#?([\s\S]*)$/.exec(url) ?? []
  const mark = sent.indexOf('?')
  return { query: mark === -1 ? '' : sent.slice(mark + 1), fragment }
}
