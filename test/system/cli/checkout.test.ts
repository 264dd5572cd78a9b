import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it, onTestFinished } from 'vitest'

const execute = promisify(execFile)
const root = fileURLToPath(new URL('../../..', import.meta.url))
const needed = ['bin', 'cli', 'core', 'adapters', 'names', 'lib', 'lambdas', 'packages', 'package.json']

it('npm run northbound executes the CLI from a folder whose path has blanks, #, % and Chinese characters', async () => {
  const parent = mkdtempSync(join(tmpdir(), 'northbound-cli-'))
  onTestFinished(() => rmSync(parent, { recursive: true }))
  const cwd = join(parent, 'a b/北向#1%20')
  mkdirSync(cwd, { recursive: true })
  for (const name of needed) cpSync(join(root, name), join(cwd, name), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(cwd, 'node_modules'))
  const { stdout, stderr } = await execute('npm', ['run', '--silent', 'northbound', '--', '--help', '--lang', 'zh'], {
    cwd,
  })
  expect(stderr).toBe('')
  expect(stdout).toContain('simulate')
  expect(stdout).toContain('用法：')
})
