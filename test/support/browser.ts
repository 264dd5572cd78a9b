import chromium from '@sparticuz/chromium'
import { type Browser, chromium as playwright } from 'playwright-core'

/**
 * A browser that comes from the registry like everything else.
 *
 * Not with the arguments of that package: they are for Lambda, one process without the rules of origins.
 *
 * @throws where it does not run on this machine.
 */
export async function startBrowser(): Promise<Browser> {
  return playwright.launch({ executablePath: await chromium.executablePath(), args: ['--no-sandbox', '--disable-gpu'] })
}
