import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** Verifies that axe finds nothing, and that the page is not wider than the screen. */
export async function expectAccessible(page: Page, pageName: string): Promise<void> {
  const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core'), 'utf8')
  // Evaluated through the browser's debugging protocol, which the page's content security policy does not restrict.
  const violations = await page.evaluate(
    `(async () => { ${axeSource}; const { violations } = await axe.run(); return violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).slice(0, 3).join(' | ')) })()`,
  )
  expect(violations, pageName).toEqual([])
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  expect(overflow, pageName).toBe(0)
}
