import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'northbound-lint-'))
afterAll(() => rmSync(scratch, { recursive: true }))

let serial = 0

/** What the linter that `npm run check` calls says of a file with this import, at this place in a tree like ours. */
function lint(path: string, from: string): string {
  const tree = join(scratch, String(serial++))
  mkdirSync(dirname(join(tree, path)), { recursive: true })
  writeFileSync(join(tree, path), `import { it } from '${from}'\nexport const used = it\n`)
  const { vcs: _, $schema: __, ...config } = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8'))
  writeFileSync(join(tree, 'biome.json'), JSON.stringify(config))
  const { stdout, stderr } = spawnSync(join(root, 'node_modules/.bin/biome'), ['lint', '.'], {
    cwd: tree,
    encoding: 'utf8',
  })
  return stdout + stderr
}

describe('an import that the architecture forbids fails the check', () => {
  it.each([
    ['core/state/new.ts', 'node:fs'],
    ['core/state/new.ts', 'node:crypto'],
    ['core/state/new.ts', '@aws-sdk/client-dynamodb'],
    ['core/state/new.ts', '../../adapters/dynamodb/keys.ts'],
    ['core/new.ts', '../lambdas/query-api/handler.ts'],
    ['lambdas/query-api/new.ts', '@aws-sdk/lib-dynamodb'],
    ['lambdas/query-api/handler.ts', '../../adapters/dynamodb/keys.ts'],
    ['lambdas/query-api/index.ts', '@aws-sdk/lib-dynamodb'],
    ['lib/new.ts', '../core/state/fold.ts'],
    ['lib/new.ts', '../lambdas/query-api/handler.ts'],
    ['bin/northbound.ts', '../core/state/fold.ts'],
    ['local/resources/new.ts', '../../lambdas/query-api/handler.ts'],
    ['local/new.ts', '../core/state/fold.ts'],
    ['adapters/dynamodb/new.ts', 'aws-cdk-lib'],
  ])('%s may not import %s', (path, from) => {
    expect(lint(path, from)).toContain('noRestrictedImports')
  })

  it.each([
    ['core/state/new.ts', 'zod'],
    ['core/state/new.ts', '../protocol/events.ts'],
    ['core/protocol/check-code.ts', 'node:crypto'],
    ['lambdas/query-api/handler.ts', '../../core/state/fold.ts'],
    ['lambdas/query-api/index.ts', '../../adapters/dynamodb/keys.ts'],
    ['adapters/dynamodb/new.ts', '@aws-sdk/client-dynamodb'],
    ['local/new.ts', '../lib/settings.ts'],
  ])('%s may import %s', (path, from) => {
    expect(lint(path, from)).not.toContain('noRestrictedImports')
  })
})
