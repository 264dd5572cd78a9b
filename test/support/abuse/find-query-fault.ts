import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { readCsv } from '../read-csv.ts'
import { readZip } from '../read-xlsx.ts'
import { apiTokens, type HostileQuery } from './hostile-query.ts'

const expectedStatuses: readonly number[] = [200, 304, 400, 401, 404, 405]
const maxMessageLength = 1_000
/** The first and last characters of each token: nothing else has these. */
const tokenParts = apiTokens.flatMap((token) => [token.slice(0, 4), token.slice(-4)])
const formula = /^[\s\p{C}]*[=+\-@|%＝＋－＠]|^[\t\r\n]/u

/** What the query API did wrong with a request; undefined if nothing. */
export function findQueryFault(
  response: APIGatewayProxyStructuredResultV2,
  { request, isAuthorized }: HostileQuery,
): string | undefined {
  const { statusCode: status = 0, body = '', headers = {} } = response
  if (!expectedStatuses.includes(status)) return `the status ${status}`
  const isPublic = request.path === '/api/openapi.json'
  if (!isAuthorized && !isPublic && status !== 401) return `${status} without a valid token`
  if (isAuthorized && status === 401) return '401 with a valid token'
  if (tokenParts.some((part) => `${body}${JSON.stringify(headers)}`.includes(part)))
    return 'a part of a token in the response'
  if (/[\r\n]/.test(Object.values(headers).join(''))) return 'a line break in a header'
  if (headers['x-content-type-options'] !== 'nosniff') return 'a response that browsers may take for another type'
  return status === 200 ? findFileFault(response) : findMessageFault(status, body)
}

function findMessageFault(status: number, body: string): string | undefined {
  if (status === 304) return undefined
  const { ret, msg } = JSON.parse(body)
  return ret === status && typeof msg === 'string' && msg.length <= maxMessageLength ? undefined : `the body ${body}`
}

/** Looks for cells that spreadsheets run as formulas. */
function findFileFault({ body = '', headers = {} }: APIGatewayProxyStructuredResultV2): string | undefined {
  const type = String(headers['content-type'])
  if (type.startsWith('text/csv')) {
    const cell = readCsv(body)
      .flat()
      .find((text) => formula.test(text) && !/^-?\d+$/.test(text))
    return cell === undefined ? undefined : `the formula ${cell}`
  }
  if (!type.includes('spreadsheetml')) {
    JSON.parse(body)
    return undefined
  }
  const sheet = readZip(Buffer.from(body, 'base64')).get('xl/worksheets/sheet1.xml') ?? ''
  return /<f[ >]/.test(sheet) ? 'a formula in a workbook' : undefined
}
