import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'

/** What a path gives: JSON, or a table for a spreadsheet. */
export type Result = { readonly json: unknown } | CsvResult

export type CsvResult = {
  readonly csv: string
  /** For the file that a browser makes of it. */
  readonly fileName: string
  /** Of the next page; null: this is the last. */
  readonly cursor: string | null
}

export function json(statusCode: number, body: unknown, headers = {}): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify(body),
  }
}

export function csv({ csv: body, fileName, cursor }: CsvResult): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode: 200,
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="${fileName}"`,
      'cache-control': 'no-store',
      ...(cursor === null ? {} : { 'x-next-cursor': cursor }),
    },
    body,
  }
}
