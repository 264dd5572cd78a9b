/** The options of an SDK call that the signal, if there is one, aborts. */
export function requestOptions(signal: AbortSignal | undefined): { readonly abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal }
}
