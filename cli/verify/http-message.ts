import { type PastedRequest, splitUrl } from './split-url.ts'

const requestLine = /(?:^|["\s[])(GET|POST|HEAD|PUT)\s+(\S+)\s+HTTP\/\d/

/** Finds the path in a line of a proxy's log, such as `"GET /room_event_history?… HTTP/1.1" 200`. */
export function readRequestLine(text: string): string | undefined {
  const target = requestLine.exec(text)?.[2]
  // Logs of nginx write bytes as \xE5.
  return target?.replace(/\\x([0-9a-f]{2})/gi, '%$1')
}

/**
 * Reads an HTTP request as it was recorded on the wire: request line, headers, blank line, body.
 *
 * @returns undefined if the input is not an HTTP request.
 */
export function readHttpMessage(input: Buffer): PastedRequest | undefined {
  const text = input.toString('latin1')
  const [, method = '', target = ''] = /^(GET|POST|HEAD|PUT) (\S+) HTTP\/\d(?:\.\d)?\r?\n/.exec(text) ?? []
  if (method === '') return undefined
  const end = /\r?\n\r?\n/.exec(text)
  const head = end === null ? text : text.slice(0, end.index)
  const headers = new Map(
    head.split(/\r?\n/).map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]
    }),
  )
  const start = end === null ? input.length : end.index + end[0].length
  const length = Number(headers.get('content-length') ?? input.length)
  const { query, fragment } = splitUrl(Buffer.from(target, 'latin1').toString())
  return {
    fragment,
    request: {
      method,
      rawQueryString: query,
      contentType: headers.get('content-type'),
      contentEncoding: headers.get('content-encoding'),
      body: input.subarray(start, Number.isSafeInteger(length) ? start + length : input.length),
    },
  }
}
