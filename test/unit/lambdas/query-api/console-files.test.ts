import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { consoleFiles } from '../../../../lambdas/query-api/console-files.ts'

const directory = mkdtempSync(join(tmpdir(), 'northbound-console-'))
afterAll(() => rmSync(directory, { recursive: true }))
for (const name of ['index.html', 'app.js', 'app.css']) writeFileSync(join(directory, name), `the ${name}`)
const findFile = consoleFiles(directory)

describe('consoleFiles', () => {
  it.each([
    ['', 'index.html', 'text/html; charset=utf-8'],
    ['/', 'index.html', 'text/html; charset=utf-8'],
    ['/app.js', 'app.js', 'text/javascript; charset=utf-8'],
    ['/app.css', 'app.css', 'text/css; charset=utf-8'],
  ])('serves the path %j from %s', (path, name, type) => {
    const response = findFile(path)?.respond(undefined)
    expect(response).toMatchObject({ statusCode: 200, body: `the ${name}`, headers: { 'content-type': type } })
  })

  it('allows a page nothing but files and calls of its own origin, and no markup from strings', () => {
    const { headers = {} } = findFile('')?.respond(undefined) ?? {}
    const policy = String(headers['content-security-policy']).split('; ')
    expect(policy.sort()).toEqual([
      "base-uri 'none'",
      "connect-src 'self'",
      "default-src 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      'img-src data:',
      "require-trusted-types-for 'script'",
      "script-src 'self'",
      "style-src 'self'",
      "trusted-types 'none'",
    ])
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'strict-transport-security': 'max-age=31536000',
    })
  })

  it.each(['/index.html', '/../index.html', '/%2e%2e/secret', '/app.js/', '/constructor', '/__proto__'])(
    'finds no file for the path %s',
    (path) => {
      expect(findFile(path)).toBeUndefined()
    },
  )

  it('responds with 304 and no body if the browser has the current version', () => {
    const etag = String(findFile('/app.js')?.respond(undefined).headers?.etag)
    expect(findFile('/app.js')?.respond(etag)).toMatchObject({ statusCode: 304, headers: { etag } })
    expect(findFile('/app.js')?.respond(etag)).not.toHaveProperty('body')
    expect(findFile('/app.css')?.respond(etag)).toMatchObject({ statusCode: 200 })
  })
})
