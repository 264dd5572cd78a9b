import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { consoleFiles } from '../../../../lambdas/query-api/console-files.ts'

const directory = mkdtempSync(join(tmpdir(), 'northbound-console-'))
afterAll(() => rmSync(directory, { recursive: true }))
for (const name of ['index.html', 'app.js', 'app.css']) writeFileSync(join(directory, name), `the ${name}`)
const file = consoleFiles(directory)

it.each([
  ['', 'index.html', 'text/html; charset=utf-8'],
  ['/', 'index.html', 'text/html; charset=utf-8'],
  ['/app.js', 'app.js', 'text/javascript; charset=utf-8'],
  ['/app.css', 'app.css', 'text/css; charset=utf-8'],
])('%j is %s', (path, name, type) => {
  const answer = file(path)?.answer(undefined)
  expect(answer).toMatchObject({ statusCode: 200, body: `the ${name}`, headers: { 'content-type': type } })
  expect(String(answer?.headers?.['content-security-policy'])).toMatch(/^default-src 'none'; script-src 'self';/)
})

it.each(['/index.html', '/../index.html', '/%2e%2e/secret', '/app.js/', '/constructor', '/__proto__'])(
  'there is no %s',
  (path) => {
    expect(file(path)).toBeUndefined()
  },
)

it('is not sent again to who has it', () => {
  const etag = String(file('/app.js')?.answer(undefined).headers?.etag)
  expect(file('/app.js')?.answer(etag)).toMatchObject({ statusCode: 304, headers: { etag } })
  expect(file('/app.js')?.answer(etag)).not.toHaveProperty('body')
  expect(file('/app.css')?.answer(etag)).toMatchObject({ statusCode: 200 })
})
