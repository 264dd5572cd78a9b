import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const tree = mkdtempSync(join(tmpdir(), 'northbound-knip-'))
afterAll(() => rmSync(tree, { recursive: true }))

/** Runs the dead-code check of `npm run check`, with the project's own configuration, on these files. */
function checkDeadCode(files: Readonly<Record<string, string>>): { status: number | null; output: string } {
  const directory = mkdtempSync(join(tree, 'project-'))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), text)
  }
  copyFileSync(join(root, 'knip.jsonc'), join(directory, 'knip.jsonc'))
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'))
  const { status, stdout } = spawnSync(join(root, 'node_modules/.bin/knip'), ['--no-config-hints'], {
    cwd: directory,
    encoding: 'utf8',
  })
  return { status, output: stdout }
}

const manifest = (dependencies: Readonly<Record<string, string>> = {}) =>
  JSON.stringify({ name: 'example', type: 'module', exports: './lib/index.ts', dependencies })

const files = {
  'package.json': manifest({ zod: '4' }),
  'lib/index.ts': "import { used } from './rules.ts'\nexport const result = used\n",
  'lib/rules.ts': "import { z } from 'zod'\nexport const used = z.string()\n",
}

describe('npm run check', () => {
  it('accepts a project in which everything is used', () => {
    expect(checkDeadCode(files)).toMatchObject({ status: 0 })
  })

  it('rejects an unused export', () => {
    const extra = `${files['lib/rules.ts']}export const neverUsed = 1\n`
    const { status, output } = checkDeadCode({ ...files, 'lib/rules.ts': extra })
    expect(status).toBe(1)
    expect(output).toContain('neverUsed')
  })

  it('rejects an unused file', () => {
    const { status, output } = checkDeadCode({ ...files, 'lib/forgotten.ts': 'export const forgotten = 1\n' })
    expect(status).toBe(1)
    expect(output).toContain('lib/forgotten.ts')
  })

  it('rejects an unused dependency', () => {
    const { status, output } = checkDeadCode({ ...files, 'package.json': manifest({ zod: '4', aws4: '1' }) })
    expect(status).toBe(1)
    expect(output).toContain('aws4')
  })
})
