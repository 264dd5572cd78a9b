import { api, Refused, token } from './api.ts'
import { Board } from './board.ts'
import { type Child, h } from './dom.ts'
import { boxesPage, ingestionPage, type Page, RecordingsPage, roomPage, userPage } from './pages.ts'
import { patchChildren } from './patch.ts'
import { clock, currentLanguage, say, switchLanguage, type Word } from './words.ts'

/** ms between two looks at the API. */
const refreshEvery = 2000
/** ms after which what is shown counts as old, though nothing has failed yet. */
const staleAfter = 15_000

const board = new Board(() => void refresh())
const recordings = new RecordingsPage()

/** What is shown, and since when. */
let page: Page = board as Page
let data: unknown
let loadedAt: number | undefined
let problem: 'cutOff' | 'stale' | string | undefined
let loading = false
let timer: ReturnType<typeof setTimeout> | undefined
/** Counts the changes of page: what was asked for another is not shown. */
let visit = 0

const pages: readonly (readonly [path: string, word: Word])[] = [
  ['#/', 'board'],
  ['#/recordings', 'recordings'],
  ['#/boxes', 'boxes'],
  ['#/ingestion', 'ingestion'],
]

function pageAt(hash: string): Page {
  const [, kind = '', id = ''] = /^#\/([^/]*)\/?(.*)$/.exec(hash) ?? []
  const known: Readonly<Record<string, Page>> = {
    recordings: recordings as Page,
    boxes: boxesPage as Page,
    ingestion: ingestionPage as Page,
  }
  const name = decoded(id)
  if (kind === 'rooms' && name !== '') return roomPage(name) as Page
  if (kind === 'users' && name !== '') return userPage(name) as Page
  return (Object.hasOwn(known, kind) ? known[kind] : undefined) ?? (board as Page)
}

/** Empty where it is not what a link of this page would have. */
function decoded(id: string): string {
  try {
    return decodeURIComponent(id)
  } catch {
    return ''
  }
}

/** What was asked for before is not wanted any more. */
function askAnew(): void {
  visit += 1
  loading = false
  void refresh()
}

function open(): void {
  page = pageAt(location.hash)
  visit += 1
  data = undefined
  loadedAt = undefined
  problem = undefined
  loading = false
  show()
  document.querySelector('main')?.focus({ preventScroll: true })
  void refresh()
}

async function refresh(): Promise<void> {
  if (token.get() === null || loading || document.hidden) return
  clearTimeout(timer)
  loading = true
  const asked = visit
  const began = performance.now()
  try {
    const answer = await page.load()
    if (asked !== visit) return
    data = answer
    loadedAt = Date.now()
    problem = undefined
  } catch (error) {
    if (asked !== visit) return
    if (error instanceof Refused && error.status === 401) return signOut(say('tokenWrong'))
    problem =
      error instanceof Refused && error.status < 500
        ? error.status === 404
          ? say('notFound')
          : `${say('failed')}: ${error.message}`
        : 'cutOff'
  } finally {
    if (asked === visit) {
      loading = false
      // What takes long is much work for the API: it is asked less often.
      timer = setTimeout(() => void refresh(), Math.max(refreshEvery, 2 * (performance.now() - began)))
    }
  }
  show()
}

function signOut(message?: string): void {
  token.forget()
  board.reset()
  recordings.choose('')
  visit += 1
  data = undefined
  loading = false
  problem = undefined
  show(message)
}

function show(message?: string): void {
  document.documentElement.lang = currentLanguage() === 'zh' ? 'zh-CN' : 'en'
  document.title = say('title')
  const content =
    token.get() === null
      ? signInForm(message)
      : [h('a', { href: '#main', class: 'skip', 'data-action': 'skip' }, say('skip')), header(), main()]
  patchChildren(
    document.body,
    content.filter((child) => child instanceof Node),
  )
}

function header(): HTMLElement {
  const current = pages.find(([path]) => path === location.hash)?.[0] ?? (page === board ? '#/' : undefined)
  return h(
    'header',
    {},
    h('p', { class: 'brand' }, say('title')),
    h(
      'nav',
      { 'aria-label': say('navigation') },
      h(
        'ul',
        {},
        ...pages.map(([path, word]) =>
          h('li', {}, h('a', { href: path, 'aria-current': path === current ? 'page' : undefined }, say(word))),
        ),
      ),
    ),
    h(
      'p',
      { class: 'updated', id: 'updated' },
      loadedAt === undefined ? say('loading') : `${say('updated')} ${clock(loadedAt)}`,
    ),
    languageButton(),
    h('button', { type: 'button', 'data-action': 'sign-out' }, say('signOut')),
  )
}

function main(): HTMLElement {
  const children: Child[] =
    data === undefined ? [h('p', { class: 'quiet' }, problem === undefined ? say('loading') : '')] : page.render(data)
  return h(
    'main',
    { id: 'main', tabindex: -1 },
    // Always there, so that a screen reader hears what is put into it.
    h('div', { id: 'problem', role: 'alert', class: problem === undefined ? '' : 'problem' }, problemText()),
    ...children,
  )
}

function problemText(): string {
  if (problem === undefined) return ''
  if (problem !== 'cutOff' && problem !== 'stale') return problem
  return loadedAt === undefined ? say('cutOffNew') : `${say(problem)} ${clock(loadedAt)}`
}

function languageButton(): HTMLElement {
  return h(
    'button',
    { type: 'button', 'data-action': 'language', lang: currentLanguage() === 'zh' ? 'en' : 'zh-CN' },
    say('language'),
  )
}

function signInForm(message?: string): Child[] {
  return [
    h(
      'main',
      { id: 'main', class: 'sign-in', 'data-key': 'sign-in' },
      h('h1', {}, say('title')),
      h(
        'form',
        { 'data-action': 'sign-in' },
        h('label', { for: 'token' }, say('tokenLabel')),
        h('input', {
          id: 'token',
          type: 'password',
          autocomplete: 'off',
          'aria-describedby': 'token-help token-problem',
        }),
        h('p', { id: 'token-help', class: 'quiet' }, say('tokenHelp')),
        h('p', { id: 'token-problem', role: 'alert', class: 'error' }, message ?? ''),
        h('button', { type: 'submit', class: 'primary' }, say('signIn')),
      ),
      languageButton(),
    ),
  ]
}

const actions: Readonly<Record<string, (event: Event) => void>> = {
  language() {
    switchLanguage()
    show()
  },
  'sign-out': () => signOut(),
  skip(event) {
    event.preventDefault()
    document.querySelector('main')?.focus()
  },
  'sign-in'(event) {
    event.preventDefault()
    const field = document.querySelector<HTMLInputElement>('#token')
    const value = field?.value.trim() ?? ''
    // What HTTP can carry in a header; anything else is no token.
    if (!/^[\x21-\x7e]+$/.test(value)) return show(say(value === '' ? 'tokenEmpty' : 'tokenWrong'))
    token.set(value)
    open()
  },
  'find-user'(event) {
    event.preventDefault()
    const id = document.querySelector<HTMLInputElement>('#user')?.value.trim() ?? ''
    if (id !== '') location.hash = `#/users/${encodeURIComponent(id)}`
  },
  csv: () => void download(),
}

const inputs: Readonly<Record<string, (field: HTMLInputElement | HTMLSelectElement) => void>> = {
  filter: ({ value }) => {
    board.filter(value.trim())
    show()
  },
  'show-closed': (field) => {
    board.showClosed((field as HTMLInputElement).checked)
    askAnew()
  },
  'recording-status': ({ value }) => {
    recordings.choose(value)
    askAnew()
  },
}

async function download(): Promise<void> {
  const [, kind, id = ''] = /^#\/(rooms|users)\/(.*)$/.exec(location.hash) ?? []
  const name = decoded(id)
  try {
    const file = await api.csv(kind === 'users' ? { user: name } : { room: name })
    const url = URL.createObjectURL(file)
    h('a', { href: url, download: `attendance-${name.replace(/[^\p{L}\p{N}._-]/gu, '_')}.csv` }).click()
    setTimeout(() => URL.revokeObjectURL(url), 60_000)
  } catch (error) {
    problem = error instanceof Refused ? `${say('failed')}: ${error.message}` : 'cutOff'
    show()
  }
}

function onAction(event: Event, type: string): void {
  const target = event.target instanceof Element ? event.target.closest('[data-action]') : null
  const isForm = target instanceof HTMLFormElement
  if (target !== null && isForm === (type === 'submit')) actions[target.getAttribute('data-action') ?? '']?.(event)
}

document.addEventListener('click', (event) => onAction(event, 'click'))
document.addEventListener('submit', (event) => {
  event.preventDefault()
  onAction(event, 'submit')
})
document.addEventListener('input', ({ target }) => {
  if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement)
    inputs[target.getAttribute('data-input') ?? '']?.(target)
})
document.addEventListener('visibilitychange', () => void refresh())
window.addEventListener('hashchange', () => {
  // The link to the content is no page.
  if (location.hash !== '#main') open()
})
setInterval(() => {
  if (problem === undefined && loadedAt !== undefined && Date.now() - loadedAt > staleAfter && !document.hidden) {
    problem = 'stale'
    show()
  }
}, 1000)
if (token.get() === null) show()
else open()
