import { findLikelyName } from '../../names/likely-name.ts'
import { HttpError } from '../http-error.ts'

export type QueryString = Readonly<Record<string, string | undefined>>

/** A suggestion in a message may be wrong, so short names such as `from` are suggested as well. */
const minLengthForEdits = 4

/** An unknown name is part of the message up to this length. */
const maxNameLength = 64

/**
 * Decodes the parameters of a query. API Gateway's own decoding joins repeated parameters by commas.
 *
 * @param rawQueryString everything after the question mark, as sent.
 * @param known the names that the path takes.
 * @throws HttpError 400 for an unknown name, or for one that is repeated with different values.
 */
export function parseQueryString(rawQueryString: string, known: readonly string[]): QueryString {
  const values = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(rawQueryString)) {
    if (!known.includes(name)) throw new HttpError(400, explainUnknownName(name, known))
    if ((values.get(name) ?? value) !== value)
      throw new HttpError(400, `parameter "${name}" is repeated with different values`)
    values.set(name, value)
  }
  return Object.fromEntries(values)
}

function explainUnknownName(name: string, known: readonly string[]): string {
  const likely = findLikelyName(name.slice(0, maxNameLength), known, minLengthForEdits)
  return `parameter ${JSON.stringify(name.slice(0, maxNameLength))} is unknown; ${
    likely === undefined ? listNames(known) : `did you mean "${likely}"?`
  }`
}

function listNames(names: readonly string[]): string {
  return names.length === 0 ? 'this path takes none' : `this path takes ${names.join(', ')}`
}
