import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { observe, startCommand, waitForExit, waitUntilReady } from '../support/start-command.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Paths that `npm start` does not need. */
const unneeded = new Set(['.git', 'node_modules', 'docs', 'test', 'bench', 'examples', 'cdk.out'])

/** Copies the project, with links to the installed packages except those that are `missing`. */
function copyProject(folder: string, missing: readonly string[] = []): string {
  const parent = mkdtempSync(join(tmpdir(), 'northbound-project-'))
  onTestFinished(() => rmSync(parent, { recursive: true }))
  const directory = join(parent, folder)
  cpSync(root, directory, { recursive: true, filter: (path) => !unneeded.has(relative(root, path)) })
  const packages = join(directory, 'node_modules')
  mkdirSync(join(packages, '@northbound'), { recursive: true })
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name !== '@northbound' && !missing.includes(name)) {
      symlinkSync(join(root, 'node_modules', name), join(packages, name))
    }
  }
  for (const name of readdirSync(join(directory, 'packages'))) {
    symlinkSync(join(directory, 'packages', name), join(packages, '@northbound', name))
  }
  return directory
}

it('npm start runs from a folder whose path has blanks, #, % and Chinese characters', async () => {
  const cwd = copyProject('a b/北向#1%20')
  const child = observe('npm', ['start', '--silent', '--', '--port', '0', '--json'], { cwd })
  const { url, callbackUrl, consoleUrl, apiToken } = await waitUntilReady(child)
  expect(await (await fetch(`${callbackUrl}?event=open&trace_id=1&room_id=R`)).json()).toMatchObject({ ret: 0 })
  expect((await fetch(consoleUrl)).status).toBe(200)
  const headers = { authorization: `Bearer ${apiToken}` }
  await expect
    .poll(async () => (await fetch(`${url}/api/rooms`, { headers })).json(), { timeout: 10_000 })
    .toMatchObject({ items: [{ room_id: 'R' }] })
  child.kill('SIGTERM')
  expect(await waitForExit(child)).toBe(0)
  expect(child.output.stderr).toMatch(/^警告：[^\n]*\nWARNING[^\n]*\n$/)
})

it.each([
  ['zod', 'zod', 'npm install'],
  ['aws-cdk-lib', 'aws-cdk-lib', 'npm install'],
  ['@esbuild', `@esbuild/${process.platform}-${process.arch}`, 'npm ci --include=optional'],
])('npm start reports in one line that %s is not installed', async (folder, name, command) => {
  const child = startCommand([], { cwd: copyProject('project', [folder]) })
  expect(await waitForExit(child)).toBe(1)
  expect(child.output).toEqual({
    stdout: '',
    stderr: `northbound: the package ${name} is not installed; run: ${command}\n`,
  })
})

it('npm start reports in one line that a package of another package is not installed', async () => {
  const child = startCommand([], { cwd: copyProject('project', ['dynalite']) })
  expect(await waitForExit(child)).toBe(1)
  expect(child.output.stderr).toMatch(/^northbound: Cannot find package 'dynalite' [^\n]*; run: npm install\n$/)
})

it('npm start rejects an old Node.js with one line', async () => {
  const pretend = 'data:text/javascript,Object.defineProperty(process.versions,"node",{value:"20.1.0"})'
  const child = observe(process.execPath, ['--import', pretend, 'local/start.mjs'])
  expect(await waitForExit(child)).toBe(1)
  expect(child.output.stdout).toBe('')
  expect(child.output.stderr).toMatch(/^northbound: Node\.js 24 or later is needed, but this is 20\.1\.0;[^\n]*\n$/)
})
