/**
 * The parameters that the platform's document names, in its tables or in its example (docs/protocol.md, Events). Any other
 * parameter may come from a callback URL that was entered with a query of its own.
 */
const documentedParameters: ReadonlySet<string> = new Set([
  'event',
  'trace_id',
  'check_code',
  'room_id',
  'user_id',
  'user_name',
  'token',
  'event_type',
  'endpoint_type',
  'stream_type',
  'stream_id',
  'resolution',
  'start_time',
  'stop_time',
  'options',
  'exporter_type',
  'exporter_id',
  'box_code',
])

export function isDocumented(name: string): boolean {
  return documentedParameters.has(name)
}

/**
 * Whether the tables of the document name the parameter. They do not name `token`, which is only in the example and is also a
 * usual name in the query of a callback URL.
 */
export function isInTables(name: string): boolean {
  return name !== 'token' && isDocumented(name)
}

/** Removes the parameters that the document does not name. */
export function selectDocumented(query: string): string {
  const isKept = (pair: string) => isDocumented(nameOf(pair))
  return separateQueries(query).split('&').filter(isKept).join('&')
}

/** A documented name after a question mark, as in `site=3?event=join`. */
const appendedName = new RegExp(`\\?(${[...documentedParameters].join('|')})=`)

/**
 * Separates two queries that were joined with a second `?`. A platform that appends `?event=…` to a callback URL with a query
 * of its own, such as `…?site=3`, sends `site=3?event=…`.
 *
 * Only a parameter that the document does not name is separated, and only if what follows is missing otherwise.
 */
export function separateQueries(query: string): string {
  if (!query.includes('?')) return query
  const pairs = query.split('&')
  const present = new Set(pairs.map(nameOf))
  return pairs.map((pair) => separatePair(pair, present)).join('&')
}

function separatePair(pair: string, present: ReadonlySet<string>): string {
  const found = appendedName.exec(pair)
  if (found === null || present.has(found[1] ?? '')) return pair
  const own = pair.slice(0, found.index)
  return isDocumented(nameOf(own)) ? pair : `${own}&${pair.slice(found.index + 1)}`
}

function nameOf(pair: string): string {
  return pair.split('=', 1)[0] ?? ''
}
