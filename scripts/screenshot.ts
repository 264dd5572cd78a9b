import { setTimeout as delay } from 'node:timers/promises'
import { startLocal } from '../local/run.ts'
import { startBrowser } from '../test/support/browser.ts'

// `npm run screenshot` takes the pictures of the console in the README, docs/console-board.png and docs/console-room.png,
// after the simulated platform has run for a while. It needs a font with Chinese characters (Debian: fonts-wqy-microhei).

const warmUpMs = 60_000

// The pictures must not depend on northbound.json.
process.env.NORTHBOUND_SETTINGS_FILE = ''
const run = await startLocal({ port: 0, demo: true, logs: 'none', log: () => undefined })
const browser = await startBrowser()
try {
  await delay(warmUpMs)
  const context = await browser.newContext({
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    viewport: { width: 1280, height: 1500 },
  })
  const page = await context.newPage()
  await page.goto(run.consoleUrl)
  await page.fill('#token', run.apiToken)
  await page.press('#token', 'Enter')
  await page.waitForSelector('.people li')
  // The room with the most participants shows the most in the picture.
  const rooms = await page.locator('.card').all()
  const sizes = await Promise.all(rooms.map(async (room) => Number(await room.locator('.present').textContent())))
  const fullest = rooms[sizes.indexOf(Math.max(...sizes))]
  await page.screenshot({ path: 'docs/console-board.png', clip: { x: 0, y: 0, width: 1280, height: 760 } })
  await fullest?.locator('h3 a').click()
  await page.waitForSelector('.timeline .bar')
  await delay(1000)
  await page.screenshot({ path: 'docs/console-room.png' })
} finally {
  await browser.close()
  await run.stop()
}
