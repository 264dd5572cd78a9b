import { ApiError } from './api.ts'
import { Board } from './board.ts'
import { forgetBodies } from './conditional-get.ts'
import { delegateEvents } from './delegation.ts'
import { downloadAttendance } from './download.ts'
import { type DisplayedProblem, layout, navigationPaths, signInForm } from './layout.ts'
import type { ConsolePage } from './page.ts'
import { RecordingsPage } from './pages.ts'
import { patchChildren } from './patch.ts'
import { findPage } from './router.ts'
import { apiToken } from './token.ts'
import { Warnings } from './warnings.ts'
import { currentLanguage, switchLanguage, translate } from './words.ts'

const refreshIntervalMs = 2000
/** The data shown counts as stale after this time, even if no request has failed yet. */
const staleAfterMs = 15_000

const board = new Board(() => void refresh())
const recordings = new RecordingsPage()
const warnings = new Warnings()

let page: ConsolePage = board
let data: unknown
let loadedAt: number | undefined
let problem: DisplayedProblem | undefined
let loading = false
let refreshTimer: ReturnType<typeof setTimeout> | undefined
/** Identifies what is shown; responses to requests of an earlier generation are ignored. */
let generation = 0

function openPage(): void {
  page = findPage(location.hash, { board, recordings })
  data = undefined
  loadedAt = undefined
  problem = undefined
  discardPendingLoad()
  show()
  document.querySelector('main')?.focus({ preventScroll: true })
  void refresh()
}

/** Loads the page again after a filter has changed. */
function reload(): void {
  discardPendingLoad()
  void refresh()
}

function discardPendingLoad(): void {
  generation += 1
  loading = false
}

async function refresh(): Promise<void> {
  if (apiToken.read() === null || loading || document.hidden) return
  clearTimeout(refreshTimer)
  loading = true
  const loadGeneration = generation
  const startedAt = performance.now()
  try {
    void warnings.refresh(show)
    const loaded = await page.load()
    if (loadGeneration !== generation) return
    data = loaded
    loadedAt = Date.now()
    problem = undefined
  } catch (error) {
    if (loadGeneration !== generation) return
    if (error instanceof ApiError && error.status === 401) return signOut(translate('tokenWrong'))
    problem = describeLoadError(error)
  } finally {
    if (loadGeneration === generation) {
      loading = false
      // Slow responses mean load on the API, so the interval grows with the response time.
      const delayMs = Math.max(refreshIntervalMs, 2 * (performance.now() - startedAt))
      refreshTimer = setTimeout(() => void refresh(), delayMs)
    }
  }
  show()
}

function describeLoadError(error: unknown): DisplayedProblem {
  if (!(error instanceof ApiError) || error.status >= 500) return 'connectionLost'
  return error.status === 404 ? { message: translate('notFound') } : queryFailed(error)
}

const queryFailed = ({ message }: ApiError) => ({ message: `${translate('failed')}: ${message}` })

function signOut(message?: string): void {
  apiToken.clear()
  forgetBodies()
  board.reset()
  warnings.reset()
  recordings.filterByStatus('')
  discardPendingLoad()
  data = undefined
  problem = undefined
  show(message)
}

/** @param signInMessage shown in the sign-in form if there is no token. */
function show(signInMessage?: string): void {
  document.documentElement.lang = currentLanguage() === 'zh' ? 'zh-CN' : 'en'
  document.title = translate('title')
  const elements =
    apiToken.read() === null
      ? [signInForm(signInMessage)]
      : layout({
          currentPath: navigationPaths.find((path) => path === location.hash) ?? (page === board ? '#/' : undefined),
          loadedAt,
          problem,
          warnings: warnings.codes,
          content: data === undefined ? undefined : page.render(data),
        })
  patchChildren(document.body, elements)
}

function signIn(): void {
  const token = document.querySelector<HTMLInputElement>('#token')?.value.trim() ?? ''
  // An HTTP header cannot carry other characters, so they cannot be part of a token.
  if (!/^[\x21-\x7e]+$/.test(token)) {
    show(translate(token === '' ? 'tokenEmpty' : 'tokenWrong'))
    return
  }
  apiToken.store(token)
  openPage()
}

async function download(): Promise<void> {
  try {
    await downloadAttendance(location.hash)
  } catch (error) {
    problem = error instanceof ApiError ? queryFailed(error) : 'connectionLost'
    show()
  }
}

delegateEvents(
  {
    language() {
      switchLanguage()
      show()
    },
    'sign-in': signIn,
    'sign-out': () => signOut(),
    skip(event) {
      event.preventDefault()
      document.querySelector('main')?.focus()
    },
    'find-user'() {
      const id = document.querySelector<HTMLInputElement>('#user')?.value.trim() ?? ''
      if (id !== '') location.hash = `#/users/${encodeURIComponent(id)}`
    },
    csv: () => void download(),
    'show-more'() {
      page.showMore?.()
      reload()
    },
  },
  {
    filter({ value }) {
      board.filter(value.trim())
      show()
    },
    'show-closed'(field) {
      board.showClosed(field instanceof HTMLInputElement && field.checked)
      reload()
    },
    'recording-status'({ value }) {
      recordings.filterByStatus(value)
      reload()
    },
  },
)
document.addEventListener('visibilitychange', () => void refresh())
window.addEventListener('hashchange', () => {
  // The link to the content changes the hash, but not the page.
  if (location.hash !== '#main') openPage()
})
setInterval(() => {
  if (problem === undefined && loadedAt !== undefined && Date.now() - loadedAt > staleAfterMs && !document.hidden) {
    problem = 'stale'
    show()
  }
}, 1000)
if (apiToken.read() === null) show()
else openPage()
