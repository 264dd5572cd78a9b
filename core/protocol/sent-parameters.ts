import { type CallbackRequest, type Parameter, UnreadableRequestError } from './callback-request.ts'
import { CharsetMismatchError, type Decoding } from './decoding.ts'
import { readForm } from './form.ts'
import { listParameters } from './parameters.ts'

const anyText: Decoding = { style: 'unsigned', charset: 'any' }

/** Lists the parameters of a request that may be unreadable, repeated ones too: those of the query if the body cannot be read. */
export function listSentParameters(request: CallbackRequest): readonly Parameter[] {
  try {
    return listParameters(request, anyText)
  } catch (error) {
    if (error instanceof UnreadableRequestError || error instanceof CharsetMismatchError)
      return readForm(request.rawQueryString, anyText)
    throw error
  }
}
