import { setTimeout as delay } from 'node:timers/promises'
import type { Browser } from 'playwright-core'
import { type LocalRun, startLocal } from '../local/run.ts'
import { startBrowser } from '../test/support/browser.ts'

// `npm run screenshot` takes the pictures of the console in the README of each language, docs/console-*.png, after the
// simulated platform has run for a while. It needs a font with Chinese characters (Debian: fonts-wqy-microhei).

const warmUpMs = 60_000
const width = 1280

/** The pages by language, and what the names of their files end with. */
const languages = [
  { locale: 'en-GB', suffix: '' },
  { locale: 'zh-CN', suffix: '.zh-CN' },
] as const

// The pictures must not depend on northbound.json.
process.env.NORTHBOUND_SETTINGS_FILE = ''
const run = await startLocal({ port: 0, demo: true, logs: 'none', log: () => undefined })
const browser = await startBrowser()
try {
  await delay(warmUpMs)
  for (const language of languages) await takePictures(browser, run, language)
} finally {
  await browser.close()
  await run.stop()
}

/** Takes a picture of the board, and one of the room with the most people. */
async function takePictures(
  browser: Browser,
  { consoleUrl, apiToken }: LocalRun,
  { locale, suffix }: (typeof languages)[number],
): Promise<void> {
  const context = await browser.newContext({ locale, timezoneId: 'Asia/Shanghai', viewport: { width, height: 1500 } })
  const page = await context.newPage()
  await page.goto(consoleUrl)
  await page.fill('#token', apiToken)
  await page.press('#token', 'Enter')
  await page.waitForSelector('.people li')
  const rooms = await page.locator('.card').all()
  const sizes = await Promise.all(rooms.map(async (room) => Number(await room.locator('.present').textContent())))
  const fullest = rooms[sizes.indexOf(Math.max(...sizes))]
  // Cards load their people one after another.
  await delay(2000)
  await page.screenshot({ path: `docs/console-board${suffix}.png`, clip: { x: 0, y: 0, width, height: 760 } })
  await fullest?.locator('h3 a').click()
  await page.waitForSelector('.timeline .bar')
  await delay(1000)
  await page.screenshot({ path: `docs/console-room${suffix}.png` })
  await context.close()
}
