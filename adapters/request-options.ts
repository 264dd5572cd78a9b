/** Options that let the signal, if there is one, abort an SDK call. */
export function requestOptions(signal: AbortSignal | undefined): { readonly abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal }
}
