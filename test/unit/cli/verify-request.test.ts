import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { signCallback } from '@northbound/avd-simulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCommand } from '../../support/cli.ts'

const key = 'k-1'
const parameters = {
  event: 'join',
  trace_id: 't-1',
  room_id: 'R 1',
  user_id: '7',
  user_name: `王 "O'Neill" & $x ^%!`,
  a: '\\n',
}
const signed = signCallback(parameters, key)
const code = signed.check_code ?? ''
const form = new URLSearchParams(signed).toString()
const url = `http://h:3322/room_event_history/feedback?${form}`
const json = JSON.stringify(signed)
const canonical = `\\n|join|R 1|t-1|7|王 "O'Neill" & $x ^%!`
const base = 'http://h/room_event_history'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'northbound verify '))
  writeFileSync(join(folder, 'body.txt'), `${form}\n`)
})
afterAll(() => rmSync(folder, { recursive: true }))

async function verify(
  request: readonly string[],
  options: { readonly input?: string; readonly env?: NodeJS.ProcessEnv } = {},
) {
  return runCommand(['verify', '--json', '--key', key, ...request], options)
}

/** Puts a text between the single quotation marks of a shell. */
const quoteBash = (text: string) => `'${text.replaceAll("'", "'\\''")}'`
const quoteAnsi = (text: string) =>
  `$'${text
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "\\'")
    .replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16)}`)}'`
const quoteDouble = (text: string) => `"${text.replace(/["\\$`]/g, '\\$&')}"`
/** As browsers copy a request for cmd.exe. */
const quoteCmd = (text: string) =>
  `^"${text
    .replace(/(\\*)"/g, '$1$1\\"')
    .replace(/[^a-zA-Z0-9\s_\-:=+~'/.',?;()*`]/g, '^$&')
    .replace(/%(?=\w)/g, '%^')}^"`
const quotePowershell = (text: string) => `'${text.replaceAll("'", "''")}'`

const formFields = Object.entries(signed).map(([name, value]) => ({ name, value }))
const multipart = formFields
  .map(({ name, value }) => `--xx\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
  .join('')
const jsonType = 'Content-Type: application/json'

const texts: readonly (readonly [title: string, text: string])[] = [
  ['a URL', url],
  ['a URL between quotation marks', `"${url}"`],
  ['a URL with a fragment', `${url}#top`],
  ['a path', url.slice(url.indexOf('/room'))],
  ['a query', form],
  ['a request line', `GET ${url.slice(url.indexOf('/room'))} HTTP/1.1`],
  [
    'a line of an access log',
    `10.0.0.1 - - [27/Nov/2026:10:00:00 +0800] "GET ${url.slice(url.indexOf('/room'))} HTTP/1.1" 401 52 "-" "avd"`,
  ],
  [
    'a line of a log of nginx',
    `[x] "GET /a?${decodeURIComponent(form)
      .replace(/[^\0-\x7f]+/g, (text) => Buffer.from(text).toString('hex').replace(/../g, '\\x$&'))
      .replaceAll('"', '%22')
      .replaceAll('& ', '%26 ')
      .replaceAll(' ', '+')
      .replaceAll('%!', '%25!')
      .replaceAll('&+', '%26+')} HTTP/1.1" 401`,
  ],
  ['curl with a URL in single quotation marks', `curl '${url}'`],
  ['curl with a URL in double quotation marks', `curl -v "${url}" | jq .`],
  ['curl with a URL without quotation marks', `$ curl -s ${url} > out.txt`],
  ['curl with -d in single quotation marks', `curl -X POST ${base} -d ${quoteBash(form)}`],
  [
    'curl with several -d',
    `curl ${base} ${formFields.map(({ name, value }) => `-d ${quoteBash(`${name}=${encodeURIComponent(value)}`)}`).join(' ')}`,
  ],
  [
    'curl with --data-raw and continued lines',
    `curl '${base}' \\\n  -H 'Accept: */*' \\\n  --data-raw ${quoteAnsi(form)} \\\n  --compressed`,
  ],
  [
    'curl with --data-urlencode',
    `curl ${base} ${formFields.map(({ name, value }) => `--data-urlencode ${quoteDouble(`${name}=${value}`)}`).join(' ')}`,
  ],
  [
    'curl with -G',
    `curl -G ${base} ${formFields.map(({ name, value }) => `--data-urlencode ${quoteBash(`${name}=${value}`)}`).join(' ')}`,
  ],
  ['curl with combined short options', `curl -sSXPOST -H'${jsonType}' -d${quoteBash(json)} ${base}`],
  ['curl with JSON and an escaped quotation mark', `curl -H "${jsonType}" -d ${quoteDouble(json)} --url ${base}`],
  ['curl with --json', `curl --json ${quoteAnsi(json)} ${base}`],
  [
    'curl with -F',
    `curl ${base} ${formFields.map(({ name, value }) => `-F ${quoteBash(`${name}=${value}`)}`).join(' ')}`,
  ],
  [
    'curl with a query and a body',
    `curl '${base}?${form.split('&').slice(0, 3).join('&')}' -d '${form.split('&').slice(3).join('&')}'`,
  ],
  [
    'curl with options of which it has to skip the value',
    `curl -o /tmp/x?y=z -m 5 --retry 3 -A 'agent/1 (x)' -u me:pw -x proxy:80 '${url}'`,
  ],
  ['curl with a body in a file', 'FILE'],
  ['curl for cmd.exe', `curl ^"${base}^" ^\r\n  -H ^"${jsonType}^" ^\r\n  --data-raw ${quoteCmd(json)}`],
  ['curl for cmd.exe with a URL', `curl.exe -s ${quoteCmd(url)}`],
  ['curl of a batch file', `C:\\> curl "${url.replaceAll('%', '%%')}"`],
  [
    'curl for cmd.exe with two quotation marks',
    `curl "${base}" ^\n -H "${jsonType}" -d "${json.replaceAll('\\"', '\\u0022').replaceAll('"', '""')}"`,
  ],
  [
    'curl for PowerShell',
    `curl.exe -H ${quotePowershell(jsonType)} \`\n  -d ${quotePowershell(json)} ${quotePowershell(base)}`,
  ],
]

describe('verify reads', () => {
  for (const [title, given] of texts) {
    it(title, async () => {
      const text = given === 'FILE' ? `curl -d @"${join(folder, 'body.txt')}" ${base}` : given
      const { stdout, stderr, exitCode } = await verify([text])
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
      expect(JSON.parse(stdout)).toMatchObject({ holds: true, canonical_string: canonical, key: 1 })
    })
  }

  it('a curl command that the shell has split', async () => {
    const { exitCode } = await verify(['--', 'curl', '-X', 'POST', '-d', form, base])
    expect(exitCode).toBe(0)
  })

  it.each([
    ['a form', [], form],
    ['a form with a line end', [], `${form}\n`],
    ['JSON', [], json],
    ['JSON with its content type', ['--content-type', 'application/json; charset=utf-8'], json],
    ['a multipart form', [], `${multipart}--xx--\r\n`],
    ['a query', ['--method', 'GET'], `${form}\n`],
    ['a URL', [], `${url}\n`],
    ['a curl command', [], `curl '${base}' \\\n --data-raw ${quoteAnsi(form)}\n`],
    [
      'a recorded request',
      [],
      `POST /room_event_history?x= HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n\r\n${json}`,
    ],
  ])('%s on standard input', async (_title, options, input) => {
    const { stdout, exitCode } = await verify([...options, '-'], { input })
    expect(JSON.parse(stdout)).toMatchObject({ holds: true, canonical_string: canonical })
    expect(exitCode).toBe(0)
  })

  it.each([
    ['nothing that is a request', ['hello']],
    ['a quotation mark that is not closed', [`curl '${url}`]],
    ['curl without a URL', ['curl -v']],
    ['a file that does not exist', [`curl -d @/does/not/exist ${base}`]],
  ])('%s as an error of the command line', async (_title, request) => {
    const { exitCode, stdout, stderr } = await verify(request)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  })
})

describe('verify', () => {
  it('describes what holds, without the key', async () => {
    const { stdout, exitCode } = await runCommand([
      'verify',
      '--key',
      'secret-key',
      `http://h/?${new URLSearchParams(signCallback(parameters, 'secret-key'))}`,
    ])
    expect(exitCode).toBe(0)
    expect(stdout).toContain('check_code holds.\n  reading: form_decoded')
    expect(stdout).toContain(`signed text: ${canonical}`)
    expect(stdout).not.toContain('secret-key')
  })

  it('finds the key among several, and in the JSON of the secret', async () => {
    const secret = JSON.stringify({ current: 'k-2', previous: key })
    for (const options of [
      ['--key', 'k-2', '--key', key],
      ['--key', secret],
    ]) {
      const { stdout } = await runCommand(['verify', ...options, url])
      expect(stdout).toContain('key: 2 (previous)')
    }
  })

  it('recognises the whole secret as the key of the platform', async () => {
    const secret = JSON.stringify({ current: key, previous: null })
    const spoiled = `http://h/?${new URLSearchParams(signCallback(parameters, secret))}`
    const { stdout } = await runCommand(['verify', '--json', '--key', secret, spoiled])
    expect(JSON.parse(stdout).causes).toMatchObject([{ code: 'key_whole_secret' }])
  })

  it.each([
    ['base64', Buffer.from(code, 'hex').toString('base64')],
    ['base64url', Buffer.from(code, 'hex').toString('base64url')],
    ['base64_of_hex', Buffer.from(code).toString('base64')],
    ['hex', code.toUpperCase()],
  ])('says that a code is %s', async (encoding, sent) => {
    const { stdout } = await verify([`http://h/?${new URLSearchParams({ ...signed, check_code: sent })}`])
    expect(JSON.parse(stdout)).toMatchObject({ holds: true, encoding })
  })

  it('names the parameters that a code does not cover', async () => {
    const { stdout } = await verify([`${url}&site=3`])
    expect(JSON.parse(stdout)).toMatchObject({
      holds: false,
      causes: [{ code: 'parameter_extra', parameter: 'site' }],
    })
    const { a: _a, ...documented } = parameters
    const extra = await verify([`http://h/?${new URLSearchParams({ ...signCallback(documented, key), site: '3' })}`])
    expect(JSON.parse(extra.stdout)).toMatchObject({ holds: true, not_signed: ['site'] })
  })

  it('says that the receiver refuses what holds', async () => {
    const { room_id, ...others } = parameters
    const { stdout, exitCode } = await verify([
      `http://h/?${new URLSearchParams(signCallback({ ...others, roomId: room_id }, key))}`,
    ])
    expect(JSON.parse(stdout)).toMatchObject({
      holds: true,
      refusal: expect.stringContaining('"roomId" is not its name'),
    })
    expect(exitCode).toBe(0)
  })

  it.each([
    ['no check_code', `http://h/?${new URLSearchParams(parameters)}`, { outcome: 'missing' }],
    [
      'a check_code under another name',
      `http://h/?${new URLSearchParams({ ...parameters, checkCode: code })}`,
      { outcome: 'missing', reason: '"checkCode" is not its name' },
    ],
    ['a repeated parameter', `${url}&room_id=2`, { outcome: 'unreadable', reason: expect.stringContaining('room_id') }],
    ['a compressed body', `curl -H 'Content-Encoding: gzip' -d x ${base}`, { outcome: 'unreadable' }],
  ])('fails for %s', async (_title, request, expected) => {
    const { stdout, exitCode } = await verify([request])
    expect(JSON.parse(stdout)).toMatchObject({ holds: false, ...expected })
    expect(exitCode).toBe(1)
  })

  const bodyOf = (type: string, body: string) => ['curl', '-H', `Content-Type: ${type}`, '--data-raw', body, base]
  it.each([
    ['a compressed body', ['curl', '-H', 'Content-Encoding: gzip', '-d', 'x', base], '不支持内容编码 "gzip"'],
    ['an unknown content type', bodyOf('text/xml', '<a/>'), '不支持内容类型 "text/xml"'],
    ['JSON sent as a form', bodyOf('application/x-www-form-urlencoded', '{}'), '而像是 JSON：'],
    ['a list sent as a form', bodyOf('application/x-www-form-urlencoded', '[]'), '而像是 JSON 数组：'],
    ['multipart sent as a form', bodyOf('application/x-www-form-urlencoded', '--b\r\n'), '而像是 multipart：'],
    ['a form sent as JSON', bodyOf('application/json', 'a=1'), '请求体不是有效的 JSON，而像是表单'],
    ['a JSON list', bodyOf('application/json', '[]'), 'JSON 请求体必须是由参数组成的对象'],
    ['multipart without a boundary', bodyOf('multipart/form-data', 'x'), '请求体不是 multipart/form-data'],
    ['a long name', [`${base}?${'n'.repeat(1025)}=1`], '参数名超过 1024 个字符'],
    ['a repeated parameter', [`${base}?a=1&a=2`], '参数 "a" 重复且取值不同'],
  ])('explains %s in Chinese', async (_title, request, reason) => {
    const argv = ['verify', '--key', 'k', '--', ...request]
    const { stdout, exitCode } = await runCommand(argv, { language: 'zh' })
    expect(stdout).toContain('接收端无法读取该请求：')
    expect(stdout).toContain(reason)
    expect(exitCode).toBe(1)
  })

  it('prints no control characters of a request', async () => {
    const { stdout } = await runCommand([
      'verify',
      '--key',
      key,
      `http://h/?event=%1b%5b31mred%0a&room%1b=1&check_code=${code}`,
    ])
    expect(stdout).toContain('\\u001b[31mred\\n')
    expect(stdout).not.toContain('\u001b')
  })

  it('explains in Chinese', async () => {
    const request = `http://h/?${new URLSearchParams(signCallback(parameters, `${key} `))}`
    const { stdout } = await runCommand(['verify', '--key', key, request], { language: 'zh' })
    expect(stdout).toContain('check_code 不正确。\n  原因：平台上的密钥末尾多了空格\n')
  })

  it('does not read the key and the request from the same input', async () => {
    const { exitCode, stderr } = await runCommand(['verify', '--key', '-', '-'])
    expect(exitCode).toBe(2)
    expect(stderr).toContain('--key-file')
  })
})
