import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startBrowser } from '../../support/browser.ts'
import { type System, startSystem } from '../../support/system.ts'

const browser: Browser | undefined = await startBrowser().catch((error: unknown) => {
  // Where it has to run, a browser that does not start is a failure.
  if (process.env.CI !== undefined) throw error
  return undefined
})

const hostile = '<img src=x onerror="globalThis.hacked=1"><script>globalThis.hacked=1</script>'

describe.skipIf(browser === undefined)('the console', { timeout: 60_000 }, () => {
  let system: System
  let context: BrowserContext
  let page: Page
  /** What the page asked for, and what it complained of. */
  let requests: string[]
  let complaints: string[]
  let serial = 0

  const tell = (event: string, params: Record<string, string>) =>
    system.callback({ event, trace_id: `t${serial++}`, room_id: '1001', event_type: 'normal', ...params })
  const join = (user_id: string, user_name: string, more = {}) =>
    tell('join', { user_id, user_name, endpoint_type: 'web', ...more })

  beforeAll(async () => {
    system = await startSystem()
    await tell('open', {})
    await join('ann', hostile)
    await tell('publish', { user_id: 'ann', stream_type: 'audio', stream_id: 's1' })
    await tell('publish', { user_id: 'ann', stream_type: 'desktop', stream_id: 's2', resolution: '1920x1080' })
    await join('bob', '=cmd()')
    await join('bob', '=cmd()')
    await tell('leave', { user_id: 'bob' })
    await tell('start_record', { event_type: 'success', exporter_id: 'x1', exporter_type: 'mp4' })
    await tell('warning_notify', {
      event_type: 'check_port',
      box_code: 'box-01',
      options: '[{"type":"tcp","port":8088}]',
    })
    await system.settled()
  })
  afterAll(async () => {
    await browser?.close()
    await system.run.stop()
    expect(system.run.denials).toEqual([])
  })

  async function open(options: Parameters<Browser['newContext']>[0] = {}) {
    if (browser === undefined) throw new Error('there is no browser')
    context = await browser.newContext({ locale: 'en-GB', ...options })
    page = await context.newPage()
    requests = []
    complaints = []
    page.on('request', (request) => requests.push(request.url()))
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.goto(system.run.consoleUrl)
  }

  async function signIn(options: Parameters<typeof open>[0] = {}) {
    await open(options)
    await page.fill('#token', system.run.apiToken)
    await page.press('#token', 'Enter')
    await page.waitForSelector('.card')
  }

  afterEach(async () => {
    // Not even a wrong word of its own leaves the page.
    for (const url of requests) expect(new URL(url).origin).toBe(system.run.url)
    await context.close()
  })

  const text = (selector: string) => page.locator(selector).textContent()

  it('asks for the token once, and keeps it for the tab', async () => {
    await open()
    expect(await page.locator('.card').count()).toBe(0)
    await page.click('button[type=submit]')
    expect(await text('#token-problem')).toBe('Type the token')
    await page.fill('#token', 'wrong')
    await page.press('#token', 'Enter')
    await page.waitForFunction(() => document.querySelector('#token-problem')?.textContent === 'That is not the token')
    await page.fill('#token', system.run.apiToken)
    await page.press('#token', 'Enter')
    await page.waitForSelector('.card')
    await page.reload()
    await page.waitForSelector('.card')
    expect(await page.evaluate(() => [document.cookie, localStorage.length])).toEqual(['', 0])
    const other = await context.newPage()
    await other.goto(system.run.consoleUrl)
    await other.waitForSelector('#token')
    await page.click('[data-action=sign-out]')
    await page.waitForSelector('#token')
    expect(await page.evaluate(() => sessionStorage.getItem('northbound-token'))).toBeNull()
  })

  it('shows who is in which room, and somebody who joins within five seconds of the callback', async () => {
    await signIn()
    await page.waitForSelector('.people li')
    expect(await text('.card')).toMatch(/1001[\s\S]*microphone[\s\S]*desktop/i)
    await join('carl', 'Carl')
    await page.getByText('Carl', { exact: true }).waitFor({ timeout: 5000 })
    await tell('leave', { user_id: 'carl' })
    await page.getByText('Carl', { exact: true }).waitFor({ state: 'detached', timeout: 5000 })
    expect(complaints).toEqual([])
  })

  it('shows a name that is HTML or script as text', async () => {
    await signIn()
    await page.waitForSelector('.people li')
    expect(await page.locator('.people .name').first().textContent()).toBe(hostile)
    await page.click('.card h3 a')
    await page.waitForSelector('.timeline')
    expect(await page.getByText(hostile).count()).toBeGreaterThan(1)
    expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false)
    expect(await page.locator('main img, main script').count()).toBe(0)
  })

  it('refuses markup and scripts from elsewhere, should some ever get in', async () => {
    await signIn()
    const refused = await page.evaluate(async () => {
      const problems: string[] = []
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) =>
        problems.push(effectiveDirective),
      )
      try {
        document.body.innerHTML = '<p>x</p>'
      } catch {
        problems.push('innerHTML')
      }
      try {
        const script = document.createElement('script')
        script.textContent = 'globalThis.hacked = 1'
        document.body.append(script)
      } catch {
        problems.push('script')
      }
      await fetch('http://127.0.0.1:9/').catch(() => undefined)
      await new Promise((told) => setTimeout(told, 200))
      return [...problems, 'hacked' in globalThis]
    })
    expect(refused).toContain('innerHTML')
    expect(refused).toContain('connect-src')
    expect(refused.at(-1)).toBe(false)
    // That one was asked for by the test.
    requests = requests.filter((url) => !url.startsWith('http://127.0.0.1:9/'))
  })

  it("opens a room's timeline: a lane a person, with sessions, reconnects, streams and recordings", async () => {
    await signIn()
    await page.click('.card h3 a')
    await page.waitForSelector('.timeline')
    const lanes = page.locator('.timeline .lane')
    await page.waitForFunction(() => document.querySelectorAll('.timeline .lane').length >= 3)
    const kinds = await page
      .locator('.timeline .bar')
      .evaluateAll((bars) => bars.map((bar) => bar.getAttribute('class')))
    expect(kinds).toEqual(expect.arrayContaining(['bar session', 'bar audio', 'bar desktop', 'bar recording']))
    const bob = lanes.filter({ hasText: '=cmd()' })
    expect(await bob.locator('.mark').count()).toBe(1)
    expect(complaints).toEqual([])
  })

  it('downloads the attendance as the API gives it', async () => {
    await signIn()
    await page.click('.card h3 a')
    await page.waitForSelector('#csv')
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('#csv')])
    expect(download.suggestedFilename()).toBe('attendance-1001.csv')
    const file = await readFile(await download.path(), 'utf8')
    const answer = await fetch(`${system.run.url}/api/rooms/1001/sessions?format=csv`, {
      headers: { authorization: `Bearer ${system.run.apiToken}` },
    })
    expect(Buffer.from(file)).toEqual(Buffer.from(await answer.arrayBuffer()))
    expect(file.charCodeAt(0)).toBe(0xfeff)
    expect(file).toContain(`,'=cmd(),`)
  })

  it('says that the connection is lost, of when the figures are, and that it is back', async () => {
    await signIn()
    await context.setOffline(true)
    await page.waitForFunction(() => /connection is lost/.test(document.querySelector('#problem')?.textContent ?? ''))
    expect(await text('#problem')).toMatch(/What you see is of \d\d:\d\d:\d\d/)
    expect(await page.locator('.card').count()).toBe(1)
    await context.setOffline(false)
    await page.waitForFunction(() => document.querySelector('#problem')?.textContent === '')
  })

  it('says so where the API fails, and where a room does not exist', async () => {
    await signIn()
    const undo = system.run.inject({ service: 'dynamodb', action: 'Query' })
    await page.waitForFunction(() => document.querySelector('#problem')?.textContent !== '', undefined, {
      timeout: 20_000,
    })
    undo()
    await page.goto(`${system.run.consoleUrl}#/rooms/none`)
    await page.getByText('It does not exist').waitFor()
  })

  it('shows the numbers of the API, and no others', async () => {
    await signIn()
    const api = async (path: string) => (await system.query(path)).body as Record<string, unknown>
    const stats = await api('/api/stats')
    await page.waitForFunction(
      (present) => document.querySelector('#participants-present')?.textContent === present,
      String(stats.participants_present),
    )
    expect(await text('#rooms-open')).toBe(String(stats.rooms_open))
    const { items: rooms } = await api('/api/rooms')
    expect(await page.locator('.present').allTextContents()).toEqual(
      (rooms as { present: number }[]).map(({ present }) => String(present)),
    )
    await page.click('nav a[href="#/ingestion"]')
    await page.waitForSelector('#stat-events_last_hour')
    for (const name of ['rooms_open', 'participants_present', 'events_last_hour', 'dead_letters', 'queue_depth'])
      expect(await text(`#stat-${name}`), name).toBe(String((await api('/api/stats'))[name]))
    await page.click('nav a[href="#/boxes"]')
    await page.getByRole('cell', { name: 'box-01' }).waitFor()
    expect(await page.locator('tbody td').nth(3).textContent()).toBe('1')
    await page.click('nav a[href="#/recordings"]')
    await page.getByRole('cell', { name: 'mp4 x1' }).waitFor()
    await page.goto(`${system.run.consoleUrl}#/users/bob`)
    await page.getByRole('cell', { name: '1001' }).waitFor()
    const { items: sessions } = await api('/api/users/bob/sessions')
    const [{ seconds, reconnects } = {}] = (sessions ?? []) as { seconds?: number; reconnects?: number }[]
    const cells = await page.locator('tbody td').allTextContents()
    expect([cells[5], cells[8]]).toEqual([String(seconds), String(reconnects)])
  })

  it('shows the other rooms where one cannot be read, and finds its way from a broken address', async () => {
    await tell('join', { room_id: '1001/events', user_id: 'odd' })
    await system.settled()
    await signIn()
    await page.waitForFunction(() => document.querySelectorAll('.card').length === 2)
    await join('dora', 'Dora')
    await page.getByText('Dora', { exact: true }).waitFor({ timeout: 5000 })
    expect(await text('#problem')).toBe('')
    await tell('leave', { room_id: '1001/events', user_id: 'odd' })
    await tell('leave', { user_id: 'dora' })
    for (const hash of ['#/rooms/100%', '#/constructor']) {
      await page.goto('about:blank')
      await page.goto(`${system.run.consoleUrl}${hash}`)
      await page.waitForSelector('.card')
    }
    requests = requests.filter((url) => url !== 'about:blank')
  })

  it('keeps a filter in sight, and shows what is asked for last', async () => {
    await signIn()
    await page.fill('#filter', 'none of these')
    await page.waitForFunction(() => document.querySelectorAll('.card').length === 0)
    await page.click('nav a[href="#/recordings"]')
    await page.selectOption('#recording-status', 'failed')
    await page.getByText('None').waitFor()
    await page.click('nav a[href="#/boxes"]')
    await page.click('nav a[href="#/recordings"]')
    await page.waitForSelector('#recording-status')
    expect(await page.inputValue('#recording-status')).toBe('failed')
    await page.click('nav a[href="#/"]')
    await page.waitForSelector('#filter')
    expect(await page.inputValue('#filter')).toBe('none of these')
  })

  it('speaks the language of the browser, and the other one', async () => {
    await open({ locale: 'zh-CN' })
    expect(await text('h1')).toBe('叁体 AVD 房间状态')
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('zh-CN')
    await page.click('[data-action=language]')
    expect(await text('h1')).toBe('3TEE AVD rooms')
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('en')
  })

  it('can be used by keyboard alone', async () => {
    await open()
    await page.focus('#token')
    await page.keyboard.type(system.run.apiToken)
    await page.keyboard.press('Enter')
    await page.waitForSelector('.people li')
    await page.focus('.skip')
    await page.keyboard.press('Enter')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main')
    const reached = new Set<string>()
    for (let presses = 0; presses < 12; presses++) {
      await page.keyboard.press('Tab')
      reached.add(await page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent || ''))
    }
    expect([...reached]).toEqual(expect.arrayContaining(['filter', 'user', 'show-closed', '1001']))
    // A refresh must not take the keyboard away.
    await page.focus('#filter')
    await page.keyboard.type('10')
    await page.waitForTimeout(4500)
    expect(
      await page.evaluate(() => [document.activeElement?.id, (document.activeElement as HTMLInputElement).value]),
    ).toEqual(['filter', '10'])
  })

  const axe = createRequire(import.meta.url).resolve('axe-core')

  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 360],
  ] as const)('axe finds no violation on any page: %s, %i wide', async (colorScheme, width) => {
    const source = await readFile(axe, 'utf8')
    const check = async (where: string) => {
      // By the protocol of the browser, which the page's own policy does not bind.
      const violations = await page.evaluate(
        `(async () => { ${source}; const { violations } = await axe.run(); return violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).slice(0, 3).join(' | ')) })()`,
      )
      expect(violations, where).toEqual([])
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      expect(overflow, where).toBe(0)
    }
    await open({ colorScheme, viewport: { width, height: 800 } })
    await check('sign in')
    await page.fill('#token', system.run.apiToken)
    await page.press('#token', 'Enter')
    await page.waitForSelector('.people li')
    await check('board')
    for (const [hash, ready] of [
      ['rooms/1001', '.timeline'],
      ['users/bob', 'tbody tr'],
      ['recordings', 'tbody tr'],
      ['boxes', 'tbody tr'],
      ['ingestion', '.data'],
    ]) {
      await page.goto(`${system.run.consoleUrl}#/${hash}`)
      await page.waitForSelector(String(ready))
      await check(String(hash))
    }
  })
})
