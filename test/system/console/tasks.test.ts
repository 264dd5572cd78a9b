import { readFile } from 'node:fs/promises'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { readSheet } from '../../support/read-xlsx.ts'
import type { System } from '../../support/system.ts'
import { expectAccessible } from './accessibility.ts'
import { browser } from './browser.ts'
import { lessonMinutes, peakPeople, roomId, startSchool } from './tasks-data.ts'

/** A page that counts what the user does after the sign-in: each click, each text that is typed, each key that is pressed. */
class User {
  steps = 0
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  async click(selector: string): Promise<void> {
    this.steps += 1
    await this.page.click(selector)
  }

  async search(selector: string, text: string): Promise<void> {
    this.steps += 2
    await this.page.fill(selector, text)
    await this.page.press(selector, 'Enter')
  }

  /** Waits for the first element, and returns its text. */
  async read(selector: string): Promise<string> {
    return (await this.page.locator(selector).first().textContent()) ?? ''
  }
}

describe.skipIf(browser === undefined)('the tasks of an administrator', { timeout: 60_000 }, () => {
  let system: System
  let context: BrowserContext
  let user: User

  beforeAll(async () => {
    system = await startSchool()
  })
  beforeEach(async () => {
    if (browser === undefined) return
    context = await browser.newContext({ locale: 'en-GB' })
    user = new User(await context.newPage())
    await user.page.goto(system.run.consoleUrl)
    await user.page.fill('#token', system.run.apiToken)
    await user.page.press('#token', 'Enter')
    await user.page.waitForSelector('.card')
  })
  afterEach(() => context.close())
  afterAll(async () => {
    await browser?.close()
    await system.run.stop()
  })

  const listFromApi = async (path: string) =>
    ((await system.query(path)).body as { items: Record<string, unknown>[] }).items

  it('show who is in a room in one step', async () => {
    await user.click('.card h3 a')
    expect(await user.read('section[aria-label="People now"] tbody tr')).toContain('王小明')
    expect(await user.read('#room-name')).toContain('七年级数学')
    expect(user.steps).toBe(1)
  })

  it("save yesterday's lesson with minutes per person as a workbook in three steps", async () => {
    await user.click('.card h3 a')
    await user.click('section[aria-label="Meetings"] tbody tr:last-child a')
    await user.page.getByText('All meetings of this room').waitFor()
    const [file] = await Promise.all([user.page.waitForEvent('download'), user.click('#xlsx')])
    const [, ...rows] = readSheet(await readFile(await file.path()))
    const values = rows.map((row) => row.map((cell) => cell?.value))
    for (const [user_id, minutes] of Object.entries(lessonMinutes))
      expect(values).toContainEqual(expect.arrayContaining([user_id, minutes]))
    expect(rows).toHaveLength(2)
    expect(user.steps).toBe(3)
  })

  it('unfold the sessions of a lesson, and compare it with a roster that stays in the browser', async () => {
    await user.click('.card h3 a')
    await user.click('section[aria-label="Meetings"] tbody tr:last-child a')
    await user.page.getByText('All meetings of this room').waitFor()
    await user.click('section[aria-label="Attendance"] summary')
    expect(await user.read('details.sessions[open] li')).toMatch(/left, web/)
    await user.click('#roster summary')
    const sent: string[] = []
    user.page.on('request', (request) => sent.push(request.url() + (request.postData() ?? '')))
    await user.page.fill('#roster-text', 'Ｓ1\n李四')
    expect(await user.read('#roster-missing li')).toBe('李四')
    expect(await user.page.locator('#roster-additional li').allTextContents()).toEqual([expect.stringContaining('s2')])
    await user.page.setInputFiles('#roster-file', {
      name: 'roster.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('学号,姓名\r\ns1,x\r\ns2,y\r\ns9,王五\r\n'),
    })
    await user.page.getByText('s9 王五').waitFor()
    expect(await user.read('#roster-result')).toBe('3 on the roster: 2 attended, 1 missing; 0 others attended')
    expect(sent.filter((url) => /s9|%E6%9D%8E|李四/.test(url))).toEqual([])
  })

  it("list last week's recordings in two steps", async () => {
    await user.click('nav a[data-page=recordings]')
    await user.click('#last-week')
    await user.page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 1)
    expect(await user.read('tbody tr')).toMatch(/math-7 七年级数学.*new/)
    expect(user.steps).toBe(2)
  })

  it('show in one step which media server has warnings, since when, and whether it is over', async () => {
    await user.click('nav a[data-page=boxes]')
    const rows = user.page.locator('tbody tr')
    await rows.first().waitFor()
    const texts = await rows.allTextContents()
    expect(texts.find((text) => text.startsWith('box-bad'))).toMatch(/^box-badwarning.*udp 40000–40001/)
    expect(texts.find((text) => text.startsWith('box-over'))).toMatch(/^box-overno new warnings/)
    expect(user.steps).toBe(1)
    await user.click('a[href="#/boxes/box-over"]')
    await user.page.getByText('All media servers').waitFor()
    await expect.poll(() => rows.count()).toBe(2)
    expect(await user.page.title()).toMatch(/^Media server box-over · /)
  })

  it('show in one step whether the system is well, and the last callback', async () => {
    await user.click('nav a[data-page=health]')
    expect(await user.read('#verdict')).not.toBe('')
    expect(await user.read('#stat-last_callback_at')).toMatch(/\d/)
    expect(user.steps).toBe(1)
  })

  it('show the peak of the month in two steps', async () => {
    await user.click('nav a[data-page=usage]')
    await user.click('#this-month')
    await user.page.waitForFunction(
      (text) => document.querySelector('#usage-peak')?.textContent?.includes(text),
      `: ${peakPeople},`,
    )
    expect(user.steps).toBe(2)
    const [{ peak_people, person_minutes } = {}] = await listFromApi('/api/usage?period=month')
    expect(peak_people).toBe(peakPeople)
    expect(Number(person_minutes)).toBeGreaterThanOrEqual(peakPeople)
    await user.page.selectOption('#usage-period', 'hour')
    await user.page.waitForSelector('.usage-bar')
  })

  it('show usage, attendance and a roster without a violation of axe on a narrow screen', async () => {
    const { page } = user
    await page.setViewportSize({ width: 360, height: 800 })
    await user.click('#language')
    await user.click('nav a[data-page=usage]')
    await page.waitForSelector('.usage-bar')
    expect(await user.read('tbody tr:last-child')).toContain('不完整')
    await expectAccessible(page, 'usage')
    await user.click('nav a[data-page=people]')
    await page.waitForSelector('tbody tr')
    await expectAccessible(page, 'people')
    await page.goto(`${system.run.consoleUrl}#/rooms/${roomId}`)
    await user.click('#roster summary')
    await page.fill('#roster-text', '李四')
    await page.waitForSelector('#roster-missing li')
    await user.click('details.sessions summary')
    await expectAccessible(page, 'roster')
  })

  it('show and explain a wrong key in one step', async () => {
    await user.page.getByText('callbacks with wrong check codes are refused').waitFor()
    await user.click('nav a[data-page=health]')
    const samples = user.page.getByRole('region', { name: 'Samples of refused callbacks' })
    await samples.getByText('check_code is wrong', { exact: true }).first().waitFor()
    await samples.getByText('the key on a back-office page differs from the one in the secret').first().waitFor()
    await user.page.click('#language')
    await user.page
      .getByText('管理后台页面填写的北向接口校验密钥与 CheckCodeSecretArn 对应的 secret 不一致')
      .first()
      .waitFor()
    expect(user.steps).toBe(1)
  })

  it('find a person by a part of the name in two steps, and their sessions in a third', async () => {
    await user.search('#user', '小明')
    const person = user.page.getByRole('region', { name: 'People' }).locator('tbody tr')
    await person.first().waitFor()
    expect(await person.allTextContents()).toEqual([expect.stringMatching(/^王小明s2math-7 七年级数学/)])
    expect(user.steps).toBe(2)
    await user.click('tbody a[href="#/users/s2"]')
    await user.page.getByRole('region', { name: 'Attendance' }).locator('tbody tr').nth(1).waitFor()
    expect(user.steps).toBe(3)
    expect(await user.read('h1')).toBe('User 王小明 s2')
    await expect.poll(() => user.page.title()).toMatch(/^User 王小明 s2 · /)
    await expect.poll(() => user.read('#present-in')).toBe('Now in: math-7 七年级数学')
    await user.click('section[aria-label="Attendance"] tbody tr:last-child td:nth-child(3) a')
    await user.page.waitForSelector('#meeting-time')
    const [{ opened_at = '' } = {}] = await listFromApi(`/api/meetings?room_id=${roomId}&order=oldest`)
    await expect.poll(() => user.page.url()).toContain(new URLSearchParams({ meeting: String(opened_at) }).toString())
    await user.page.goBack()
    await user.page.waitForSelector('#present-in')
    await user.page.goBack()
    await person.first().waitFor()
    expect(await user.page.inputValue('#find-people')).toBe('小明')
    await user.page.fill('#find-people', 'nobody at all')
    await user.page.getByText('No user whose name or id contains “nobody at all”').waitFor()
    await user.page.click('#whole-id')
    await user.page.getByText('No user with the id “nobody at all”').waitFor()
    await user.page.click('#search-user')
    await user.page.getByText('No user whose name or id contains “nobody at all”').waitFor()
  })

  it('keep the page and its choices in a link, after going back, after a reload, and in a new tab', async () => {
    await user.click('nav a[data-page=usage]')
    await user.page.selectOption('#usage-period', 'hour')
    await user.page.waitForFunction(() => location.hash === '#/usage?period=hour')
    const link = user.page.url()
    await user.click('nav a[data-page=boxes]')
    await user.page.waitForSelector('tbody tr')
    await user.page.goBack()
    await user.page.waitForSelector('.usage-bar')
    await user.page.reload()
    await user.page.waitForSelector('.usage-bar')
    expect(await user.page.inputValue('#usage-period')).toBe('hour')
    const otherTab = await context.newPage()
    await otherTab.goto(link)
    await otherTab.waitForSelector('.usage-bar')
    expect(await otherTab.inputValue('#usage-period')).toBe('hour')
  })

  it('say that the sign-in has expired, and continue on the same page', async () => {
    await user.page.goto(`${system.run.consoleUrl}#/rooms/${roomId}`)
    await user.page.waitForSelector('.timeline')
    await user.page.route('**/api/**', (route) =>
      route.fulfill({ status: 401, json: { ret: 401, msg: 'unauthorized' } }),
    )
    expect(await user.read('#token-problem')).toMatch(/^You were signed out/)
    await user.page.unroute('**/api/**')
    await user.page.fill('#token', system.run.apiToken)
    await user.page.press('#token', 'Enter')
    await user.page.waitForSelector('.timeline')
  })
})
