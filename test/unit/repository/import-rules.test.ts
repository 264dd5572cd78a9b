import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

const root = fileURLToPath(new URL('../../..', import.meta.url))

const forbidden = [
  ['core/state', 'node:fs'],
  ['core/state', '@aws-sdk/client-dynamodb'],
  ['core/state', '../../adapters/dynamodb/keys.ts'],
  ['core/ports', '../../lambdas/query-api/handler.ts'],
  ['core/state', '../../names/metrics.ts'],
  ['names', 'zod'],
  ['names', './metrics.ts'],
  ['lambdas/query-api', '@aws-sdk/lib-dynamodb'],
  ['lambdas/query-api', '../../adapters/dynamodb/keys.ts'],
  ['lambdas/query-api', '../../lib/settings.ts'],
  ['lambdas/query-api/index.ts', '@aws-sdk/lib-dynamodb'],
  ['adapters/dynamodb', '../../lambdas/apply-events/handler.ts'],
  ['adapters/dynamodb', '@middy/core'],
  ['adapters/dynamodb', 'aws-cdk-lib'],
  ['lib', '../core/state/fold.ts'],
  ['lib', '../lambdas/query-api/handler.ts'],
  ['lib', '../adapters/dynamodb/keys.ts'],
  ['bin/northbound.ts', '../core/state/fold.ts'],
  ['console', '../core/state/fold.ts'],
  ['local', '../core/state/fold.ts'],
  ['local', '../lambdas/query-api/handler.ts'],
  ['local', '../packages/template-runner/src/deploy.ts'],
  ['packages/template-runner/src/resources', '../../../../lib/settings.ts'],
  ['packages/template-runner/src', '../../../local/run.ts'],
  ['packages/avd-simulator/src', '../../../core/protocol/check-code.ts'],
  ['packages/avd-simulator/test/system', '../../../../test/support/events.ts'],
] as const

const allowed = [
  ['core/state', 'zod'],
  ['core/state', 'node:crypto'],
  ['core/state', '../protocol/events.ts'],
  ['lambdas/query-api', '../../core/state/fold.ts'],
  ['lambdas/query-api', '../../names/metrics.ts'],
  ['lambdas/query-api', '@middy/core'],
  ['lambdas/query-api/index.ts', '../../adapters/dynamodb/keys.ts'],
  ['adapters/dynamodb', '@aws-sdk/client-dynamodb'],
  ['adapters/dynamodb', '../../core/ports/event-log.ts'],
  ['adapters/dynamodb', '../../names/indexes.ts'],
  ['lib', 'aws-cdk-lib'],
  ['lib', '../names/metrics.ts'],
  ['local', '../lib/settings.ts'],
  ['local', '@northbound/template-runner'],
] as const

const reportSchema = z.object({
  diagnostics: z.array(z.object({ category: z.string(), location: z.object({ path: z.string() }) })),
})

type ImportCase = { readonly place: string; readonly from: string; readonly path: string }

/** Chooses the file with the import: the given file, the index.ts of a new function, or a new file in the folder. */
function importCase([place, from]: readonly [string, string], index: number, kind: string): ImportCase {
  if (place.endsWith('/index.ts')) return { place, from, path: `lambdas/${kind}-${index}/index.ts` }
  return { place, from, path: place.endsWith('.ts') ? place : `${place}/${kind}-${index}.ts` }
}

const forbiddenCases = forbidden.map((entry, index) => importCase(entry, index, 'forbidden'))
const allowedCases = allowed.map((entry, index) => importCase(entry, index, 'allowed'))

/** Lints the files in a temporary folder with the project's rules. @returns the categories of diagnostics by path. */
function lint(files: Readonly<Record<string, string>>): Map<string, string[]> {
  const tree = mkdtempSync(join(tmpdir(), 'northbound-lint-'))
  const { vcs: _, $schema: __, ...config } = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8'))
  for (const [path, text] of Object.entries({ ...files, 'biome.json': JSON.stringify(config) })) {
    mkdirSync(dirname(join(tree, path)), { recursive: true })
    writeFileSync(join(tree, path), text)
  }
  const options = ['lint', '--reporter=json', '--max-diagnostics=none', '.']
  const { stdout } = spawnSync(join(root, 'node_modules/.bin/biome'), options, { cwd: tree, encoding: 'utf8' })
  rmSync(tree, { recursive: true })
  const categories = new Map<string, string[]>()
  for (const { category, location } of reportSchema.parse(JSON.parse(stdout)).diagnostics)
    categories.set(location.path, [...(categories.get(location.path) ?? []), category])
  return categories
}

const diagnostics = lint({
  ...Object.fromEntries(
    [...forbiddenCases, ...allowedCases].map(({ path, from }) => [
      path,
      `import { it } from '${from}'\nexport const used = it\n`,
    ]),
  ),
  'adapters/cycle-a.ts': "import type { B } from './cycle-b.ts'\nexport type A = { b?: B }\n",
  'adapters/cycle-b.ts': "import type { A } from './cycle-a.ts'\nexport type B = { a?: A }\n",
})

describe('npm run check', () => {
  it.each(forbiddenCases)('rejects importing $from in $place', ({ path }) => {
    expect(diagnostics.get(path)).toContain('lint/style/noRestrictedImports')
  })

  it.each(allowedCases)('accepts importing $from in $place', ({ path }) => {
    expect(diagnostics.get(path) ?? []).toEqual([])
  })

  it('rejects a cycle of imports that consists of types only', () => {
    expect(diagnostics.get('adapters/cycle-a.ts')).toContain('lint/suspicious/noImportCycles')
  })
})
