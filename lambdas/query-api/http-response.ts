import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import * as headerNames from '../../names/headers.ts'
import { entityTagOf, matchesEntityTag } from './entity-tag.ts'

export type RouteResult = { readonly json: unknown } | CsvResult

export type CsvResult = {
  readonly csv: string
  /** The name under which browsers save the file. */
  readonly fileName: string
  /** Continues after these rows; null if there are no more. */
  readonly cursor: string | null
}

export function toResponse(result: RouteResult): APIGatewayProxyStructuredResultV2 {
  const response = 'csv' in result ? csvResponse(result) : jsonResponse(200, result.json)
  return { ...response, headers: { ...response.headers, etag: entityTagOf(response.body ?? '') } }
}

/** Removes the body if the caller already has it. @param ifNoneMatch the header of the request. */
export function omitKnownBody(
  response: APIGatewayProxyStructuredResultV2,
  ifNoneMatch: string | undefined,
): APIGatewayProxyStructuredResultV2 {
  const { headers = {} } = response
  const isKnown = typeof headers.etag === 'string' && matchesEntityTag(ifNoneMatch, headers.etag)
  return isKnown ? { statusCode: 304, headers } : response
}

export function jsonResponse(statusCode: number, body: unknown, headers = {}): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify(body),
  }
}

function csvResponse({ csv, fileName, cursor }: CsvResult): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode: 200,
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="${fileName}"`,
      'cache-control': 'no-store',
      ...(cursor === null ? {} : { [headerNames.nextCursor]: cursor }),
    },
    body: csv,
  }
}
