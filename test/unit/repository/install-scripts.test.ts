import { expect, it } from 'vitest'
import { z } from 'zod'
import { read } from '../../support/documents.ts'

const manifestSchema = z.object({ allowScripts: z.record(z.string(), z.literal(true)) })
const lockSchema = z.object({ packages: z.record(z.string(), z.object({ hasInstallScript: z.boolean().optional() })) })

it('exactly the packages that need it may run an install script', () => {
  const { allowScripts } = manifestSchema.parse(JSON.parse(read('package.json')))
  const { packages } = lockSchema.parse(JSON.parse(read('package-lock.json')))
  const withScript = Object.entries(packages).flatMap(([path, { hasInstallScript }]) =>
    hasInstallScript === true ? [path.replace(/^.*node_modules\//, '')] : [],
  )
  expect([...new Set(withScript)].sort()).toEqual(Object.keys(allowScripts).sort())
})
