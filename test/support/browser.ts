import chromium from '@sparticuz/chromium'
import { type Browser, chromium as playwright } from 'playwright-core'

/**
 * Starts the Chromium of an npm package, so that tests need no installed browser.
 *
 * The arguments that the package recommends are omitted: they suit Lambda, and disable the same-origin policy.
 *
 * @throws Error if the browser cannot run on this machine.
 */
export async function startBrowser(): Promise<Browser> {
  return playwright.launch({ executablePath: await chromium.executablePath(), args: ['--no-sandbox', '--disable-gpu'] })
}
