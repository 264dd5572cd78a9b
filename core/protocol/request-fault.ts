import { quoteText } from './quote-text.ts'

/** Why the parameters of a request cannot be read. */
export type RequestFault =
  | { readonly kind: 'content_encoding'; readonly encoding: string }
  | { readonly kind: 'content_type'; readonly type: string }
  | { readonly kind: 'no_form'; readonly type: string; readonly looksLike: 'json' | 'json_list' | 'multipart' }
  | { readonly kind: 'no_json'; readonly looksLike: 'form' | undefined }
  | { readonly kind: 'no_json_object' }
  | { readonly kind: 'no_multipart' }
  | { readonly kind: 'no_text' }
  | { readonly kind: 'long_name'; readonly maxLength: number }
  | { readonly kind: 'repeated_parameter'; readonly name: string }

/** Characters of a content type in a message. */
export const maxQuotedTypeLength = 80

const otherTypes = {
  json: 'JSON: send application/json',
  json_list: 'a JSON list: send an object of parameters as application/json',
  multipart: 'multipart: send multipart/form-data with its boundary',
} as const

/** Tells the sender in one line what is wrong with a request. */
export function describeRequestFault(fault: RequestFault): string {
  switch (fault.kind) {
    case 'content_encoding':
      return `content encoding ${quoteText(fault.encoding)} is not supported: send the body without compression`
    case 'content_type':
      return `content type ${quoteText(fault.type, maxQuotedTypeLength)} is not supported: send application/x-www-form-urlencoded, multipart/form-data or application/json`
    case 'no_form':
      return `the body is not a form, but looks like ${otherTypes[fault.looksLike]}; its content type is "${fault.type}"`
    case 'no_json':
      return `the body is not valid JSON${fault.looksLike === 'form' ? ', but looks like a form: send application/x-www-form-urlencoded' : ''}`
    case 'no_json_object':
      return 'the JSON body must be an object of parameters'
    case 'no_multipart':
      return 'the body is not multipart/form-data with the boundary that its content type names'
    case 'no_text':
      return 'the body is not text in its character set, UTF-8 or GB18030'
    case 'long_name':
      return `a parameter name is longer than ${fault.maxLength} characters`
    case 'repeated_parameter':
      return `parameter ${quoteText(fault.name)} is repeated with different values: it may be in the query of the callback URL, or in query and body`
  }
}
