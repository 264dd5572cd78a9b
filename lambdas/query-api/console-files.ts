import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { entityTagOf, matchesEntityTag } from './entity-tag.ts'

export interface ConsoleFile {
  /** @param ifNoneMatch the entity tag of the copy that the browser has cached. */
  respond(ifNoneMatch: string | undefined): APIGatewayProxyStructuredResultV2
}

const files: Readonly<Record<string, readonly [name: string, contentType: string]>> = {
  '': ['index.html', 'text/html; charset=utf-8'],
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/app.js': ['app.js', 'text/javascript; charset=utf-8'],
  '/app.css': ['app.css', 'text/css; charset=utf-8'],
}

/** Allows only files and API calls of this origin; forbids frames, form submission and markup from strings. */
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
 * Returns a function that finds console files by their path below `/console`. A file is read on its first request.
 *
 * @param directory the folder of the bundled console.
 */
export function consoleFiles(directory: string): (path: string) => ConsoleFile | undefined {
  const cache = new Map<string, ConsoleFile>()
  return (path) => {
    const [name, contentType] = files[path] ?? []
    if (name === undefined || contentType === undefined) return undefined
    const file = cache.get(name) ?? createConsoleFile(readFileSync(join(directory, name), 'utf8'), contentType)
    cache.set(name, file)
    return file
  }
}

function createConsoleFile(body: string, contentType: string): ConsoleFile {
  const etag = entityTagOf(body)
  const headers = {
    'content-type': contentType,
    'cache-control': 'no-cache',
    etag,
    'content-security-policy': contentSecurityPolicy,
    'x-content-type-options': 'nosniff',
    'strict-transport-security': 'max-age=31536000',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  }
  return {
    respond: (ifNoneMatch) =>
      matchesEntityTag(ifNoneMatch, etag) ? { statusCode: 304, headers } : { statusCode: 200, headers, body },
  }
}
