import { ApiError } from '../api.ts'
import { type TextKey, translate } from '../words.ts'

/** By the status of the response. The API's own messages are in English. */
const reasons: ReadonlyMap<number, TextKey> = new Map([
  [401, 'reasonSignedOut'],
  [413, 'reasonTooLarge'],
  [429, 'reasonTooMany'],
])

/** Says why a request failed, in the language of the page: the message of the API for a status without a text. */
export function explainFailure(error: unknown): string {
  if (!(error instanceof ApiError)) return translate('reasonNoResponse')
  const reason = error.status >= 500 ? 'reasonServer' : reasons.get(error.status)
  return reason === undefined ? error.message : translate(reason)
}
