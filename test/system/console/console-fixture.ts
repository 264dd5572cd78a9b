import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { expect } from 'vitest'
import { type System, startSystem } from '../../support/system.ts'

export const hostileName = '<img src=x onerror="globalThis.hacked=1"><script>globalThis.hacked=1</script>'

/** A running system whose room 1001 has participants, streams, a recording and a port warning. */
export class ConsoleFixture {
  readonly system: System
  readonly #browser: Browser
  #tabs: ConsoleTab[] = []
  #lastTraceId = 0

  private constructor(system: System, browser: Browser) {
    this.system = system
    this.#browser = browser
  }

  static async start(browser: Browser | undefined): Promise<ConsoleFixture> {
    if (browser === undefined) throw new Error('no browser is available')
    const fixture = new ConsoleFixture(await startSystem(), browser)
    await fixture.#sendInitialEvents()
    return fixture
  }

  sendEvent(event: string, params: Record<string, string>) {
    this.#lastTraceId += 1
    const defaults = { trace_id: `t${this.#lastTraceId}`, room_id: '1001', event_type: 'normal' }
    return this.system.callback({ event, ...defaults, ...params })
  }

  join(user_id: string, user_name: string) {
    return this.sendEvent('join', { user_id, user_name, endpoint_type: 'web' })
  }

  /** Opens the console in a new browser context. */
  async open(options: BrowserContextOptions = {}): Promise<ConsoleTab> {
    const context = await this.#browser.newContext({ locale: 'en-GB', ...options })
    const tab = new ConsoleTab(context, await context.newPage())
    this.#tabs.push(tab)
    await tab.page.goto(this.system.run.consoleUrl)
    return tab
  }

  async signIn(options: BrowserContextOptions = {}): Promise<ConsoleTab> {
    const tab = await this.open(options)
    await tab.submitToken(this.system.run.apiToken)
    await tab.page.waitForSelector('.card')
    return tab
  }

  /** Closes the tabs of a test and verifies that they sent requests to the system only. */
  async closeTabs(): Promise<void> {
    const tabs = this.#tabs
    this.#tabs = []
    await Promise.all(tabs.map(({ context }) => context.close()))
    for (const url of tabs.flatMap(({ requests }) => requests)) expect(new URL(url).origin).toBe(this.system.run.url)
  }

  async stop(): Promise<void> {
    await this.#browser.close()
    await this.system.run.stop()
    expect(this.system.run.denials).toEqual([])
  }

  async #sendInitialEvents(): Promise<void> {
    await this.sendEvent('open', {})
    await this.join('ann', hostileName)
    await this.sendEvent('publish', { user_id: 'ann', stream_type: 'audio', stream_id: 's1' })
    const desktop = { stream_type: 'desktop', stream_id: 's2', resolution: '1920x1080' }
    await this.sendEvent('publish', { user_id: 'ann', ...desktop })
    await this.join('bob', '=cmd()')
    await this.join('bob', '=cmd()')
    await this.sendEvent('leave', { user_id: 'bob' })
    await this.sendEvent('start_record', { event_type: 'success', exporter_id: 'x1', exporter_type: 'mp4' })
    const ports = { box_code: 'box-01', options: '[{"type":"tcp","port":8088}]' }
    await this.sendEvent('warning_notify', { event_type: 'check_port', ...ports })
    // The first invocations start all functions.
    await this.system.settle()
  }
}

export class ConsoleTab {
  readonly context: BrowserContext
  readonly page: Page
  /** URLs that the page requested. */
  requests: string[] = []
  /** Error messages in the browser's console. */
  readonly errors: string[] = []

  constructor(context: BrowserContext, page: Page) {
    this.context = context
    this.page = page
    page.on('request', (request) => this.requests.push(request.url()))
    page.on('console', (message) => message.type() === 'error' && this.errors.push(message.text()))
    page.on('pageerror', (error) => this.errors.push(error.message))
  }

  text(selector: string): Promise<string | null> {
    return this.page.locator(selector).textContent()
  }

  async submitToken(token: string): Promise<void> {
    await this.page.fill('#token', token)
    await this.page.press('#token', 'Enter')
  }

  /** Excludes requests made by the test itself from the check in `closeTabs`. */
  ignoreRequests(prefix: string): void {
    this.requests = this.requests.filter((url) => !url.startsWith(prefix))
  }
}
