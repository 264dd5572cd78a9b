import { expect, it } from 'vitest'
import { z } from 'zod'
import { openApiDocument } from '../../../lambdas/query-api/openapi.ts'
import { release } from '../../../names/release.ts'
import { runCommand } from '../../support/cli.ts'
import { read } from '../../support/documents.ts'

const versioned = z.object({ version: z.string() })

it('the release is the version of the package and of its lock file', () => {
  const lock = versioned.extend({ packages: z.object({ '': versioned }) }).parse(JSON.parse(read('package-lock.json')))
  expect(versioned.parse(JSON.parse(read('package.json'))).version).toBe(release)
  expect([lock.version, lock.packages[''].version]).toEqual([release, release])
})

it('the release is the newest one in the changelog, with its date', () => {
  const [newest] = [...read('CHANGELOG.md').matchAll(/^## \[(\d.*?)\] - (.*)$/gm)]
  expect(newest?.[1]).toBe(release)
  expect(newest?.[2]).toMatch(/^\d{4}-\d{2}-\d{2}$/)
})

it('the release is the version of the OpenAPI document', () => {
  expect(openApiDocument()).toMatchObject({ info: { version: release } })
})

it.each(['en', 'zh'] as const)('northbound --version prints the release, in %s', async (language) => {
  for (const option of ['--version', '-V'])
    expect(await runCommand([option], { language })).toMatchObject({ exitCode: 0, stdout: `${release}\n`, stderr: '' })
})
