import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** Code that ships, by the places that have import rules of their own, and folders that only development needs. */
const shippedPlaces = [
  'core/state',
  'names',
  'lambdas/query-api',
  'lambdas/query-api/index.ts',
  'adapters/dynamodb',
  'lib',
  'bin',
  'console',
  'local',
  'local/history',
  'packages/template-runner/src',
] as const
const developmentFolders = ['test', 'bench', 'scripts', 'examples', 'cli'] as const

const functionFolders = ['apply-events', 'query-api', 'receive-callback', 'reconcile-rooms'] as const

const forbidden: readonly (readonly [place: string, from: string])[] = [
  ...shippedPlaces.flatMap((place) => developmentFolders.map((folder) => [place, pathTo(folder, place)] as const)),
  ...functionFolders.flatMap((folder) => [
    ['lambdas/another-function', `../${folder}/handler.ts`] as const,
    ['lambdas/another-function/index.ts', `../${folder}/handler.ts`] as const,
  ]),
  ['core/state', 'node:fs'],
  ['core/state', '@aws-sdk/client-dynamodb'],
  ['core/state', '../../adapters/dynamodb/keys.ts'],
  ['core/ports', '../../lambdas/query-api/handler.ts'],
  ['core/state', '../../names/metrics.ts'],
  ['names', 'zod'],
  ['names', '../core/state/fold.ts'],
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
  ['bin', '../core/state/fold.ts'],
  ['cli/commands', '../../lambdas/query-api/handler.ts'],
  ['cli/commands', '../../lib/settings.ts'],
  ['cli/commands', '../../local/run.ts'],
  ['cli/commands', '../../packages/avd-simulator/src/seeded-random.ts'],
  ['cli/commands', '../../test/support/cli.ts'],
  ['cli/commands', 'aws-cdk-lib'],
  ['console', '../core/state/fold.ts'],
  ['local', '../core/state/fold.ts'],
  ['local', '../lambdas/query-api/handler.ts'],
  ['local', '../packages/template-runner/src/deploy.ts'],
  ['local', '@aws-sdk/client-sqs'],
  ['local', 'aws4'],
  ['local/history', '../../packages/avd-simulator/src/school/school.ts'],
  ['packages/template-runner/src/resources', '../../../../lib/settings.ts'],
  ['packages/template-runner/src', '../../../local/run.ts'],
  ['packages/avd-simulator/src', '../../../core/protocol/check-code.ts'],
  ['packages/avd-simulator/src', '../../template-runner/src/account.ts'],
  ['packages/template-runner/src', '../../avd-simulator/src/seeded-random.ts'],
  ['packages/template-runner/src', '@northbound/avd-simulator'],
  ['packages/template-runner/src', '../../chat-simulator/src/index.ts'],
  ['packages/chat-simulator/src', '../../../adapters/chat/signature.ts'],
  ['packages/avd-simulator/test/system', '../../../../test/support/events.ts'],
  ['packages/avd-simulator/test/system', '../../../../scripts/bundle-console.ts'],
  ['packages/avd-simulator/test/system', '../../../../bench/mix.ts'],
  ['packages/avd-simulator/test/system', '../../../../examples/embed/app.ts'],
  ['packages/avd-simulator/test/system', '../../../../cli/redrive.ts'],
  ['packages/avd-simulator/test/system', '../../../template-runner/src/account.ts'],
  ['packages/template-runner/test/unit', '../../../avd-simulator/src/seeded-random.ts'],
]

const allowed = [
  ['console', '../core/protocol/time-zone.ts'],
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
  ['cli/commands', '../../adapters/sqs/dead-letter-queue.ts'],
  ['cli/commands', '../../core/protocol/check-code.ts'],
  ['cli/commands', '@aws-sdk/client-sqs'],
  ['cli/commands', '@northbound/avd-simulator'],
  ['lib', 'aws-cdk-lib'],
  ['lib', '../names/metrics.ts'],
  ['console', '../names/headers.ts'],
  ['local', '../lib/settings.ts'],
  ['local', '../names/paths.ts'],
  ['local', '@northbound/template-runner'],
  ['local/history', '../../lambdas/apply-events/apply-batch.ts'],
  ['local/history', '../../adapters/dynamodb/event-log.ts'],
] as const

const reportSchema = z.object({
  diagnostics: z.array(z.object({ category: z.string(), location: z.object({ path: z.string() }) })),
})

type ImportCase = { readonly place: string; readonly from: string; readonly path: string }

/** Chooses the file with the import: the index.ts of a new function, or a new file in the folder. */
function importCase([place, from]: readonly [string, string], index: number, kind: string): ImportCase {
  if (place.endsWith('/index.ts')) return { place, from, path: `lambdas/${kind}-${index}/index.ts` }
  return { place, from, path: `${place}/${kind}-${index}.ts` }
}

/** The path of a file of a top-level folder, relative to a place. */
function pathTo(folder: string, place: string): string {
  return relative(place.endsWith('.ts') ? dirname(place) : place, `${folder}/file.ts`)
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
