import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

// The tests' module loader finds named exports of CommonJS modules that Node does not find.
it('the program and all its commands can be loaded by Node', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['bin/cli.mjs', '--help', '--lang', 'en'])
  for (const command of ['sign', 'verify', 'send', 'redrive', 'rebuild', 'replay', 'rotate-key', 'erase'])
    expect(stdout).toContain(`\n  ${command} `)
})
