import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'

/** A file of the console page. */
export interface ConsoleFile {
  /** @param known the entity tag that the browser has already. */
  answer(known: string | undefined): APIGatewayProxyStructuredResultV2
}

const files: Readonly<Record<string, readonly [name: string, contentType: string]>> = {
  '': ['index.html', 'text/html; charset=utf-8'],
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/app.js': ['app.js', 'text/javascript; charset=utf-8'],
  '/app.css': ['app.css', 'text/css; charset=utf-8'],
}

/** Nothing but our own files and our own API; no frames, no forms that go elsewhere, no text that becomes markup. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

/**
 * The files of the console, read when they are asked for the first time.
 *
 * @param directory where the bundle has put them.
 */
export function consoleFiles(directory: string): (path: string) => ConsoleFile | undefined {
  const read = new Map<string, ConsoleFile>()
  return (path) => {
    const [name, contentType] = files[path] ?? []
    if (name === undefined || contentType === undefined) return undefined
    const file = read.get(name) ?? consoleFile(readFileSync(join(directory, name), 'utf8'), contentType)
    read.set(name, file)
    return file
  }
}

function consoleFile(body: string, contentType: string): ConsoleFile {
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
  const headers = {
    'content-type': contentType,
    'cache-control': 'no-cache',
    etag,
    'content-security-policy': contentSecurityPolicy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  }
  return { answer: (known) => (known === etag ? { statusCode: 304, headers } : { statusCode: 200, headers, body }) }
}
