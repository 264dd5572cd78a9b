import type { GatewayRequest } from '../api-gateway.ts'

/** Nearly the largest request that the receiver reads (docs/contract.md, section 3). */
const maxBytes = 255 * 1024
const formType = 'application/x-www-form-urlencoded'
const jsonType = 'application/json'
const multipartType = 'multipart/form-data; boundary=b'
const wrongCode = `check_code=${'0'.repeat(64)}`

const fill = (unit: string, bytes = maxBytes) => unit.repeat(Math.floor(bytes / unit.length))

/** Joins numbered items up to the maximum size. */
function enumerate(item: (index: string) => string, separator = '&', bytes = maxBytes): string {
  const items: string[] = []
  for (let index = 0, length = 0; length < bytes - 32; index++) {
    const next = item(index.toString(36))
    items.push(next)
    length += next.length + separator.length
  }
  return items.join(separator)
}

/** @param body one character a byte. */
function post(contentType: string | undefined, body: string, query = wrongCode): GatewayRequest {
  const headers = contentType === undefined ? {} : { 'content-type': contentType }
  return { method: 'POST', query, headers, body: Buffer.from(body, 'latin1'), isBase64Encoded: true }
}

const part = (head: string, content = 'v') => `--b\r\nContent-Disposition: form-data; ${head}\r\n\r\n${content}\r\n`
const object = (members: string) => `{${members}}`
const halfWithDot = `${fill('a', 40_000)}.${fill('a', 40_000)}`

/** Requests that take the receiver as long as possible for their size, by what makes them slow. */
export const largeRequests: Readonly<Record<string, GatewayRequest>> = {
  'many parameters': post(
    formType,
    enumerate((index) => `p${index}`),
  ),
  'many parameters without a check_code': post(
    formType,
    enumerate((index) => `p${index}`),
    '',
  ),
  'many parameters in the query': { query: `${wrongCode}&${enumerate((index) => `p${index}`)}` },
  'many encoded parameters': post(
    formType,
    enumerate((index) => `p${index}=%41+`),
  ),
  'many parameters of which one is not UTF-8': post(formType, `x=\xff&${enumerate((index) => `p${index}=1`)}`),
  'many parameters in GBK': post(`${formType};charset=gbk`, `x=%81%ff&${enumerate((index) => `p${index}=%b0%a1`)}`),
  'many parameters in ISO-2022-JP': post(
    `${formType};charset=iso-2022-jp`,
    `x=%1b%24%42&${enumerate((index) => `p${index}=%b0%a1`)}`,
  ),
  'many names that are nearly check_code': post(
    formType,
    enumerate((index) => `chec_code${index}=1`),
    '',
  ),
  'many second question marks': { query: `${wrongCode}&${enumerate((index) => `p${index}?a`)}` },
  'many equal parameters': post(formType, fill('a=1&')),
  'a long value in GBK': post(formType, `x=${fill('\xb0\xa1')}`),
  'a long value of plus signs': post(formType, `x=${fill('+')}`),
  'a long check_code': { query: `check_code=${fill('%0a')}` },
  'a long check_code of a repeated character that the body almost contains': post(
    formType,
    `check_code=${halfWithDot}&x=${fill('a', 170_000)}`,
    '',
  ),
  'many tokens that the body almost contains': post(
    formType,
    `${enumerate((index) => `token${index}=${fill('a', 30)}${index}.${fill('a', 30)}`, '&', 2_000)}&x=${fill('a', 250_000)}`,
    'check_code=none',
  ),
  'many members': post(jsonType, object(enumerate((index) => `"p${index}":1`, ','))),
  'many members without a check_code': post(jsonType, object(enumerate((index) => `"p${index}":1`, ',')), ''),
  'many members in GBK': post(jsonType, object(`"x":"\xb0\xa1",${enumerate((index) => `"p${index}":1`, ',')}`)),
  'many numbered members': post(
    jsonType,
    object(enumerate((index) => `"${Number.parseInt(index, 36) * 32_768}":1`, ',')),
  ),
  'a deep list': post(jsonType, object(`"a":${fill('[', maxBytes / 2)}${fill(']', maxBytes / 2)}`)),
  'a deep object': post(jsonType, object(`"a":${fill('{"a":', 200_000)}1${fill('}', 40_000)}`)),
  'white space in JSON': post(jsonType, object(`"a":[${fill(' \n')}1]`)),
  'a long number': post(jsonType, object(`"a":${fill('9')}`)),
  'a long text of escapes': post(jsonType, object(`"a":["${fill('\\\\')}"]`)),
  'many parts': post(multipartType, `${enumerate((index) => part(`name=p${index}`), '')}--b--\r\n`),
  'many parts that are not UTF-8': post(
    multipartType,
    `${enumerate((index) => part(`name=p${index}; filename="\xff"`, '\xff'), '')}--b--\r\n`,
  ),
  'many headers of a part': post(multipartType, `--b\r\n${fill('a:b\n', 250_000)}\r\n\r\n--b--\r\n`),
  'many parameters of a part': post(multipartType, `${part(fill(';a="', 250_000))}--b--\r\n`),
  'a part without an end': post(multipartType, `--b\r\n${fill('\r', 250_000)}\r\n--b--\r\n`),
  'a boundary within lines': post(multipartType, fill('--b')),
  'a long boundary that the body almost contains': post(
    `multipart/form-data; charset=gbk; boundary=a${fill('-', 9_000)}`,
    fill('-'),
  ),
  'the longest boundary that the body almost contains': post(
    `multipart/form-data; boundary=a${fill('-', 69)}`,
    fill('-'),
  ),
  'many quotation marks after a secret name': post(formType, `x=${fill('token:"')}`),
  'many authorizations': post(formType, `x=${fill('Bearer ')}`),
  'many underscores': post(formType, `x=${fill('a_ ')}`),
  'many declared character sets': { ...post(`text/plain${fill(';charset=', 9_000)}`, 'a') },
  'a content type of many words': { ...post(`application/${fill('a+', 9_000)}`, 'a') },
}
