import type { Browser } from 'playwright-core'
import { startBrowser } from '../../support/browser.ts'

/** Undefined if no browser can run on this machine. In CI that is an error, so that the tests cannot be skipped there. */
export const browser: Browser | undefined = await startBrowser().catch((error: unknown) => {
  if (process.env.CI !== undefined) throw error
  return undefined
})
