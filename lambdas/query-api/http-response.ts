import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import * as headerNames from '../../names/headers.ts'
import { entityTagOf, matchesEntityTag } from './entity-tag.ts'

export type RouteResult = { readonly json: unknown } | FileResult

export type FileResult = ({ readonly csv: string } | { readonly xlsx: Buffer }) & {
  /** The name under which browsers save the file. */
  readonly fileName: string
  /** Continues after these rows; null if there are no more. */
  readonly cursor: string | null
}

export function toResponse(result: RouteResult): APIGatewayProxyStructuredResultV2 {
  const response = 'json' in result ? jsonResponse(200, result.json) : fileResponse(result)
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

/** Responses contain names and ids that only the holder of the token may read. */
const privateHeaders = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }

export function jsonResponse(statusCode: number, body: unknown, headers = {}): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode,
    headers: { 'content-type': 'application/json; charset=utf-8', ...privateHeaders, ...headers },
    body: JSON.stringify(body),
  }
}

export const xlsxType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

function fileResponse(file: FileResult): APIGatewayProxyStructuredResultV2 {
  const headers = {
    'content-disposition': `attachment; filename="${file.fileName}"`,
    ...privateHeaders,
    ...(file.cursor === null ? {} : { [headerNames.nextCursor]: file.cursor }),
  }
  if ('csv' in file)
    return { statusCode: 200, headers: { 'content-type': 'text/csv; charset=utf-8', ...headers }, body: file.csv }
  const body = file.xlsx.toString('base64')
  return { statusCode: 200, headers: { 'content-type': xlsxType, ...headers }, body, isBase64Encoded: true }
}
