import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** Options of axe. @property runOnly names of rules. */
type AxeOptions = { readonly runOnly?: readonly string[] }

/** Verifies that axe finds nothing, and that the page is not wider than the screen. */
export async function expectAccessible(page: Page, pageName: string, options: AxeOptions = {}): Promise<void> {
  const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core'), 'utf8')
  // Evaluated through the browser's debugging protocol, which the page's content security policy does not restrict.
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(`{ ${axeSource} }`)
  const violations = await page.evaluate(
    `axe.run(${JSON.stringify(options)}).then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).slice(0, 3).join(' | ')))`,
  )
  expect(violations, pageName).toEqual([])
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  expect(overflow, pageName).toBe(0)
}
